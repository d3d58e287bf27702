"""Questions that are read as a whole: comparisons, identity checks, facts that nobody records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Ask, Context, Subject
from deploy.local.bedrock.understudy.asking.identity_checks import identity_asks
from deploy.local.bedrock.understudy.asking.segments import Segment
from deploy.local.bedrock.understudy.asking.unrecorded_parts import partly_unrecorded
from deploy.local.bedrock.understudy.reading import cues
from deploy.local.bedrock.understudy.reading.reading import Reading


def particular_asks(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """The asks of a text that one of the whole-text rules reads; empty when none does."""
    return (
        identity_asks(segments, reading, context)
        or _comparing(segments, reading, context)
        or partly_unrecorded(segments, context)
    )


_THE_TWO = "the two|these two|those two|them|both|their|those|these|the (customers|products)"


def _last_two(context: Context) -> list[Subject]:
    """The last two customers or products that were spoken of, whichever was the last."""
    kinds = [s.kind for s in context.spoken if s.kind in ("customer", "product")]
    listed = [s for s in context.listed if s.kind in kinds[-1:]]
    recent = list(context.recent.get(kinds[-1], ())) if kinds else []
    return listed if 1 < len(listed) < 5 else recent[-2:]


def _comparing(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    if not reading.has(cues.COMPARE) or reading.has("aurora|catalogue|systems?"):
        return []
    subjects = [s for segment in segments for s in segment.subjects]
    if not subjects and reading.has(_THE_TWO):
        subjects = _last_two(context)
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
