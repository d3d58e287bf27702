"""Questions that are read as a whole: comparisons, identity checks, facts that nobody records."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Ask, Context, Subject
from deploy.local.bedrock.understudy.asking.segments import Segment
from deploy.local.bedrock.understudy.asking.unrecorded_parts import partly_unrecorded
from deploy.local.bedrock.understudy.reading import cues
from deploy.local.bedrock.understudy.reading.reading import Reading

_ZIP = re.compile(
    r"(?:zip|zip ?code|post ?code|postal code)(?: code)?\W{0,3}(?:is |of )?([\w-]{3,10})",
    re.IGNORECASE,
)
_LAST4 = re.compile(
    r"(?:last (?:4|four)(?: digits)?|ending(?: in| with)?|ends (?:in|with)|phone)\D{0,30}(\d{4})\b",
    re.IGNORECASE,
)


def particular_asks(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """The asks of a text that one of the whole-text rules reads; empty when none does."""
    return (
        _verifying(segments, reading, context)
        or _comparing(segments, reading, context)
        or partly_unrecorded(segments, context)
    )


def _verifying(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    day = next((p.since for p in reading.periods if p.since and p.since == p.until), None)
    born = reading.has("date of birth|birth|born|birthday|birthdate")
    if not reading.has(cues.VERIFY) and not (born and day):
        return []
    given = {"date_of_birth": day.isoformat() if day else "", **_codes(reading.text)}
    subjects = [s for segment in segments for s in segment.subjects if _could_be_customer(s, given)]
    if not subjects and "customer" in context.latest:
        subjects = [context.latest["customer"]]
    customers = tuple(replace(s, kind="customer") for s in subjects[:1])
    return [Ask("verify", customers, given={key: value for key, value in given.items() if value})]


def _could_be_customer(subject: Subject, given: dict[str, str]) -> bool:
    return subject.kind in ("customer", "name") and subject.value not in given.values()


def _codes(text: str) -> dict[str, str]:
    found = {}
    if match := _ZIP.search(text):
        found["zip"] = match[1]
    if match := _LAST4.search(text):
        found["phone_last4"] = match[1]
    return found


def _comparing(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    if not reading.has(cues.COMPARE) or reading.has("aurora|catalogue|systems?"):
        return []
    subjects = [s for segment in segments for s in segment.subjects]
    if len(subjects) == 1 and reading.has("him|her|them") and "customer" in context.latest:
        subjects.insert(0, context.latest["customer"])
    kinds = {s.kind for s in subjects if s.kind in ("customer", "product", "name")}
    if len(subjects) < 2 or not kinds or {"customer", "product"} <= kinds:
        return []
    wants = tuple(dict.fromkeys(w.want.name for s in segments for w in s.wants))
    real = (kinds - {"name"}) or (
        {"product"} if {"price", "stock", "rating"} & set(wants) else set()
    )
    kind = next(iter(sorted(real)), "name")
    compared = tuple(replace(s, kind=kind) for s in subjects if s.kind in (kind, "name"))
    return (
        [Ask("compare", compared[:4], segments[0].filters, facts=wants)]
        if len(compared) > 1
        else []
    )
