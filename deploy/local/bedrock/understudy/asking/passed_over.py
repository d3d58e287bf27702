"""Says what of a question was not read or not applied, so that nothing is dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator

from deploy.local.bedrock.understudy.asking.asks import Ask, Subject
from deploy.local.bedrock.understudy.asking.segments import Segment
from deploy.local.bedrock.understudy.asking.verdicts import (
    may_have_verdict,
    supported,
    unread_words,
)


def left_over(segment: Segment, used: set[int]) -> Iterator[Ask]:
    """Names that no fact of their question was asked of: they are not passed over in silence."""
    for subject in segment.subjects:
        if subject.loose:
            continue
        if segment.wants and subject.kind == "name" and id(subject) not in used:
            of_record = any(s.kind in ("serial", "review") for s in segment.subjects)
            if not of_record and not segment.yes_no:
                yield Ask("left_over", (subject,))
            else:
                yield Ask("unsure", note=subject.said)


def unsure(segment: Segment) -> Iterator[Ask]:
    """What kept a yes-or-no question from its yes or no, and conditions that are not applied."""
    if not segment.subjects and {wanted.want.name for wanted in segment.wants} == {"about"}:
        return
    if segment.wants and segment.filters.unapplied:
        yield Ask("unapplied", note=segment.filters.unapplied)
    if not segment.yes_no or any(supported(segment, wanted) for wanted in segment.wants):
        return
    if may_have_verdict(segment) and (words := unread_words(segment)):
        yield Ask("unsure", note=" … ".join(words))


def is_unread(subject: Subject, segment: Segment) -> bool:
    """Whether a yes-or-no question asks something of a subject in words that are not known."""
    filters = segment.filters
    asks = segment.yes_no and not (filters.narrows() or filters.pick)
    return asks and subject.kind in ("customer", "name", "product")
