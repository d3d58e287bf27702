"""Reads identity checks, and questions for what they never tell: dates of birth, what fits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Ask, Context, Subject
from deploy.local.bedrock.understudy.asking.segments import Segment
from deploy.local.bedrock.understudy.reading import cues, identity_cues
from deploy.local.bedrock.understudy.reading.reading import Reading

_ZIP = re.compile(
    r"(?:zip|zip ?code|post ?code|postal code)(?: code)?\W{0,3}(?:is |of )?([\w-]{3,10})",
    re.IGNORECASE,
)
_LAST4 = re.compile(
    r"(?:last (?:4|four)(?: digits)?|ending(?: in| with)?|ends (?:in|with)|phone)\D{0,30}(\d{4})\b",
    re.IGNORECASE,
)
_IDLE = frozenset({"identity", "know", "about", "birth", "customers", "review"})
# The parts that are spoken of in ``was it the zip``.
_PARTS = _IDLE | {"address", "phone", "contact"}


def identity_asks(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """The asks of a text about who somebody is; empty when it is about something else."""
    wants = {one.want.name for segment in segments for one in segment.wants}
    named = any(segment.subjects for segment in segments)
    if _of_last(context, "birth") and not wants - _IDLE and not named:
        if "birth" in wants or reading.has(identity_cues.BIRTH_AGAIN):
            return [Ask("birth")]
    given = _given(reading)
    if _told(given) and (begun := _begun(context)) and not wants - _PARTS - {"verify"}:
        whom = _customers(segments, given, context) if named else begun.subjects
        return [replace(begun, subjects=whom, given={**begun.given, **given})]
    if not _told(given):
        if _was_checked(context) and not wants - _PARTS - {"verify"}:
            if reading.has(identity_cues.WHICH_WRONG):
                return [Ask("declined", note="which_failed")]
        if reading.has(identity_cues.CHECKED_BEFORE):
            return [Ask("checked_before", _customers(segments, {}, context))]
        if reading.has(identity_cues.BIRTH_WANTED) and not wants - _IDLE - {"verify"}:
            return [Ask("birth", _customers(segments, {}, context))]
    return _verifying(segments, reading, given, context)


def _begun(context: Context) -> Ask | None:
    """The identity check that the last turn began and for which it was not told enough."""
    checks = [ask for ask in context.asks if ask.want == "verify"]
    return checks[0] if checks and (not checks[0].subjects or len(checks[0].given) < 2) else None


def _of_last(context: Context, want: str) -> bool:
    return any(want in (ask.want, *ask.facts) for ask in context.asks)


def _was_checked(context: Context) -> bool:
    """Whether the last turn was an identity check, or was asked which part of it failed."""
    return any(ask.want == "verify" or ask.note == "which_failed" for ask in context.asks)


def _given(reading: Reading) -> dict[str, str]:
    """What the caller says of who it is."""
    day = next((p.since for p in reading.periods if p.since and p.since == p.until), None)
    given = {"date_of_birth": day.isoformat() if day else "", **_codes(reading.text)}
    return {key: value for key, value in given.items() if value}


def _told(given: Mapping[str, str]) -> bool:
    return any(any(c.isdigit() for c in value) for value in given.values())


def _verifying(
    segments: Sequence[Segment], reading: Reading, given: Mapping[str, str], context: Context
) -> list[Ask]:
    born = reading.has("date of birth|birth|born|birthday|birthdate")
    several = sum(any(c.isdigit() for c in value) for value in given.values()) > 1
    if not (several or reading.has(cues.VERIFY) or (born and "date_of_birth" in given)):
        return []
    return [Ask("verify", _customers(segments, given, context), given=dict(given))]


def _customers(
    segments: Sequence[Segment], given: Mapping[str, str], context: Context
) -> tuple[Subject, ...]:
    """Who is checked: the first who is named, or who was spoken of last."""
    named = [s for segment in segments for s in segment.subjects if _could_be_customer(s, given)]
    if not named and "customer" in context.latest:
        named = [context.latest["customer"]]
    return tuple(replace(s, kind="customer") for s in named[:1])


def _could_be_customer(subject: Subject, given: Mapping[str, str]) -> bool:
    return subject.kind in ("customer", "name") and subject.value not in given.values()


def _codes(text: str) -> dict[str, str]:
    found = {}
    if match := _ZIP.search(text):
        found["zip"] = match[1]
    if match := _LAST4.search(text):
        found["phone_last4"] = match[1]
    return found
