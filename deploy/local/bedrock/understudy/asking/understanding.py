"""Understands one text of a rep against what was said before, or says that it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from deploy.local.bedrock.understudy.asking import (
    callers,
    claims,
    corrections,
    declining,
    doubts,
    follow_ups,
    headings,
    leaning,
)
from deploy.local.bedrock.understudy.asking.asides import without_asides
from deploy.local.bedrock.understudy.asking.asks import Ask, Context, Filters, Pending, Subject
from deploy.local.bedrock.understudy.asking.attaching import Attached, attach, missing_of
from deploy.local.bedrock.understudy.asking.everybody import without_said
from deploy.local.bedrock.understudy.asking.merging import merged
from deploy.local.bedrock.understudy.asking.particular import particular_asks
from deploy.local.bedrock.understudy.asking.picking import picked
from deploy.local.bedrock.understudy.asking.requests import Requests, find_requests
from deploy.local.bedrock.understudy.asking.segments import Segment, build, split
from deploy.local.bedrock.understudy.asking.short_questions import short_asks
from deploy.local.bedrock.understudy.asking.spoken_of import with_spoken_of
from deploy.local.bedrock.understudy.asking.subjects import find_subjects
from deploy.local.bedrock.understudy.reading import cues
from deploy.local.bedrock.understudy.reading import talk as talk_table
from deploy.local.bedrock.understudy.reading.reading import Reading, read

MOST_ASKS = 12


@dataclass(frozen=True, slots=True)
class Understood:
    """The asks of a text; ``talk`` when it is no question about data."""

    asks: tuple[Ask, ...] = ()
    talk: str = ""
    detail: str = ""
    open_asks: tuple[Ask, ...] = ()
    mentioned: tuple[Subject, ...] = ()
    anew: bool = False


@dataclass(frozen=True, slots=True)
class _Said:
    """What a text says by itself, before what was said earlier is looked at."""

    reading: Reading
    segments: tuple[Segment, ...]
    subjects: tuple[Subject, ...]
    declined: Understood | None
    requests: Requests
    anew: bool


@lru_cache(maxsize=256)
def _read(text: str, today: date) -> _Said:
    """Reads a text once: every request brings all earlier turns of its conversation again."""
    reading = without_asides(read(text, today))
    anew = callers.begins_anew(reading)
    segments = split(reading)
    return _Said(
        reading=reading,
        segments=callers.as_customers(segments, reading) if anew else tuple(segments),
        subjects=tuple(find_subjects(reading)),
        declined=_declined(reading),
        requests=find_requests(reading),
        anew=anew,
    )


def understand(text: str, today: date, context: Context) -> Understood:
    """What the text asks for."""
    said = _read(text, today)
    if not said.reading.marks:
        return Understood(talk="empty")
    if declining.is_foreign(said.reading):
        return Understood(talk="foreign")
    if said.declined:
        return said.declined
    if said.anew:
        understood = _understood(said, callers.nobody_yet(context))
        return replace(_claims_checked(understood, said), anew=True)
    return _claims_checked(_understood(said, context), said)


def _claims_checked(understood: Understood, said: _Said) -> Understood:
    readings = [segment.reading for segment in said.segments]
    return replace(understood, asks=claims.with_claims(understood.asks, readings))


def _understood(said: _Said, context: Context) -> Understood:
    if resumed := _resumed(said, context):
        return Understood(asks=tuple(resumed))
    if said.requests.kinds:
        return _beside_requests(said, context)
    return _asked(said.reading, said.segments, context)


def _beside_requests(said: _Said, context: Context) -> Understood:
    """What is declined is said to be so; a question of its own beside it is answered."""
    requests = said.requests
    declined = Understood(talk=requests.kinds[0], detail=requests.verb, mentioned=requests.lent)
    if not requests.asked or requests.rest is None:
        return declined
    lent = with_spoken_of(context, requests.lent)
    found = _asked(requests.rest, requests.asked, lent)
    if found.talk:
        return declined
    said_no = tuple(Ask("declined", note=kind) for kind in requests.kinds)
    return replace(found, asks=(*said_no, *found.asks)[:MOST_ASKS])


def _declined(reading: Reading) -> Understood | None:
    if declining.is_attack(reading):
        return Understood(talk="attack")
    return Understood(talk="sql") if declining.is_sql(reading) else None


def _resumed(said: _Said, context: Context) -> list[Ask]:
    """The asks that an answer to ``which one?``, or ``no, the other one``, takes up again."""
    reading, subjects, pending = said.reading, said.subjects, context.pending
    if pending and (row := follow_ups.chosen_candidate(reading, pending, subjects)):
        return _taken_up(said, pending, follow_ups.as_subject(row), context)
    if pending and len(subjects) == 1 and subjects[0].kind in ("customer", "name"):
        if not any(segment.wants for segment in said.segments):
            customer = replace(subjects[0], kind="customer")
            return follow_ups.with_customer(pending.asks, pending.subject, customer)
    if follow_ups.wants_other(reading) and context.choice:
        others = follow_ups.the_others(context)
        if len(others) == 1:
            return _taken_up(said, context.choice, follow_ups.as_subject(others[0]), context)
        if others:
            asked = Subject(
                "customer",
                "candidates",
                ",".join(str(o["customer_id"]) for o in others),
                context.choice.said,
            )
            return follow_ups.with_customer(context.choice.asks, context.choice.subject, asked)
    return []


_DESCRIBING = frozenset(
    {"identity", "about", "email", "phone", "username", "address", "registration"}
)


def _taken_up(said: _Said, pending: Pending, customer: Subject, context: Context) -> list[Ask]:
    wants = {wanted.want.name for segment in said.segments for wanted in segment.wants}
    described = follow_ups.only_describes(said.reading) or any(
        s.by != "name" for s in said.subjects
    )
    if wants - {"identity", "about"} and not (described and wants <= _DESCRIBING):
        new = [replace(segment, subjects=[customer]) for segment in said.segments]
        return merged([found.ask for found in attach(new, context) if not found.missing])
    return follow_ups.with_customer(pending.asks, pending.subject, customer)


def _asked(reading: Reading, segments: Sequence[Segment], context: Context) -> Understood:
    segments = corrections.without_taken_back([without_said(segment) for segment in segments])
    segments = leaning.settled(segments, reading, context)
    if taken := leaning.taken_up(segments, reading, context):
        return Understood(asks=tuple(taken[:MOST_ASKS]))
    segments = headings.handed_down(doubts.without_idle(segments, reading))
    if follow_ups.wants_other(reading) and not any(s.subjects for s in segments):
        if other := follow_ups.the_other_one(context):
            segments = _pointing(segments, other, reading)
        elif context.listed and not any(s.wants for s in segments):
            return Understood(talk="missing", detail=context.listed[0].kind)
    if place := follow_ups.pointed_at(reading, context):
        segments = _pointing(segments, place, reading)
    if whole := _read_as_whole(segments, reading, context):
        return Understood(asks=tuple(whole[:MOST_ASKS]))
    talk = _talk(reading, segments)
    if talk:
        return talk
    found = attach(segments, context)
    if not found:
        waits = not context.asks and reading.has(cues.NEXT_CALLER)
        return Understood(talk="missing" if waits else "unclear", detail="customer")
    return _complete(found)


def _read_as_whole(
    segments: Sequence[Segment], reading: Reading, context: Context
) -> Sequence[Ask]:
    """The asks of a text that one rule reads as a whole; empty when none does."""
    return (
        merged(corrections.other_of_name(segments, reading, context))
        or merged(short_asks(segments, reading, context))
        or picked(segments, reading, context)
        or particular_asks(segments or [build(reading)], reading, context)
        or merged(follow_ups.asked_again(segments, reading, context))
    )


def _pointing(segments: Sequence[Segment], place: Subject, reading: Reading) -> list[Segment]:
    if any(s.subjects for s in segments):
        return list(segments)
    if not segments:
        return [Segment(reading, (), (place,), frozenset(), Filters())]
    return [replace(segments[0], subjects=(place,)), *segments[1:]]


# Words of thanks at the head of a question do not make it one of thanks.
_LINKS = frozenset({"and", "so", "then", "but", "or", "now"})
_WAITING = "(have|got|there is|with) (a|the|another|one) customer~on (the|my) (phone|line)"
_MORE_THAN_THANKS = (
    "which|what|who|when|where|why|other|another|tell|show|mean|meant|not|never|says?|said|claims?"
)


def _talk(reading: Reading, segments: Sequence[Segment]) -> Understood | None:
    strong = any(
        w.want.name not in ("about", "identity", "know") for s in segments for w in s.wants
    )
    shaped = any(subject.by != "name" for s in segments for subject in s.subjects)
    talk = declining.small_talk(reading)
    if talk == "thanks" and (reading.has(_MORE_THAN_THANKS) or _asks_more(reading)):
        return None
    if reading.has(_WAITING) and not strong and not any(s.subjects for s in segments):
        return Understood(talk="missing", detail="customer")
    if talk in ("who", "help") and not shaped:
        return Understood(talk=talk)
    if not shaped and declining.is_off_topic(reading) and not (strong and _names_more(reading)):
        return Understood(talk="off_topic")
    if declining.claims_role(reading) and not shaped and not _names_more(reading) and not strong:
        return Understood(talk="role")
    anything = shaped or strong or any(s.wants or s.subjects for s in segments)
    return Understood(talk=talk) if talk and not anything else None


def _asks_more(reading: Reading) -> bool:
    """Whether a text with a word of thanks in it ends as a question of other words."""
    spans = [span for phrase in talk_table.THANKS for span in reading.find(phrase)]
    others = [
        mark
        for at, mark in enumerate(reading.marks)
        if mark.kind == "word" and mark.words not in _LINKS
        if not any(first <= at <= last for first, last in spans)
    ]
    return reading.text.rstrip().endswith("?") and len(others) > 1


def _names_more(reading: Reading) -> bool:
    """Whether something is named beside the words that are off the desk's topics."""
    spans = [span for phrase in talk_table.OFF_TOPIC for span in reading.find(phrase)]
    return any(not any(a <= s.first <= b for a, b in spans) for s in find_subjects(reading))


def _complete(found: Sequence[Attached]) -> Understood:
    whole = [one.ask for one in found if not one.missing]
    if whole:
        return Understood(asks=tuple([*merged(whole), *missing_of(found)][:MOST_ASKS]))
    waiting = tuple(
        replace(one.ask, subjects=(Subject(one.missing, "missing", ""),)) for one in found
    )
    return Understood(talk="missing", detail=found[0].missing, open_asks=tuple(merged(waiting)))
