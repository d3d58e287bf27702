"""Leaves out what only tells a story about the thing in question: ``he spilled tea on it``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Context, Subject
from deploy.local.bedrock.understudy.asking.segments import Segment, WantedAt
from deploy.local.bedrock.understudy.reading.wants import WANTS

_DID_TO_IT = (
    "(on|onto|over|into|in|against|under|with|off|from|at|for|through|all over) (it|this|that|them)"
    "( (again|yesterday|today|once|now|<period>|too))?( ,| \\.)?$"
)
_WARRANTIES = next(want for want in WANTS if want.name == "warranties")


def without_stories(segments: Sequence[Segment], context: Context) -> list[Segment]:
    """The segments without things that are named only to tell what happened to another.

    A story is a part of the questions after it, so none of them is answered by yes or no alone.
    """
    if not context.latest or not any(segment.wants for segment in segments):
        return list(segments)
    found: list[Segment] = []
    story: Segment | None = None
    for segment in segments:
        if _tells(segment):
            story = segment
            found.append(replace(segment, subjects=()))
        else:
            found.append(_after(story, segment) if story and segment.yes_no else segment)
    return found


def _after(story: Segment, segment: Segment) -> Segment:
    """The question with the story before it, and its wants and subjects where they now stand."""
    moved = len(story.reading.marks)
    return replace(
        segment,
        reading=story.reading.joined(segment.reading),
        wants=[replace(w, first=w.first + moved, last=w.last + moved) for w in segment.wants],
        subjects=[replace(s, first=s.first + moved, last=s.last + moved) for s in segment.subjects],
    )


def _tells(segment: Segment) -> bool:
    asks = segment.wants or segment.yes_no or segment.filters.narrows()
    things = all(_is_thing(subject) for subject in segment.subjects)
    return not asks and bool(segment.subjects) and things and segment.reading.has(_DID_TO_IT)


def _is_thing(subject: Subject) -> bool:
    named = subject.by == "name" and subject.kind in ("name", "product")
    return named and subject.said.islower()


def with_all_serials(segments: Sequence[Segment]) -> list[Segment]:
    """The segments with serials that were only listed asked about, beside ``the tablet``."""
    serials = [s for one in segments for s in one.subjects if s.kind == "serial"]
    asked = any(_asks_of_serials(segment) for segment in segments)
    if len(serials) < 2 or not asked:
        return list(segments)
    found: list[Segment] = []
    for segment in segments:
        listed = [s for s in segment.subjects if s.kind == "serial"]
        if listed and not segment.wants:
            segment = replace(segment, wants=[WantedAt(_WARRANTIES, 0, -1)], subjects=listed)
        found.append(segment)
    return found


def _asks_of_serials(segment: Segment) -> bool:
    asks = any(one.want.name in ("warranties", "holder") for one in segment.wants)
    return asks and not any(s.kind in ("serial", "customer") for s in segment.subjects)
