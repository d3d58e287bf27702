"""Reads when a rep turns to another caller, of whom nothing that was said before holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Context
from deploy.local.bedrock.understudy.asking.segments import Segment
from deploy.local.bedrock.understudy.reading import cues
from deploy.local.bedrock.understudy.reading.reading import Reading


def begins_anew(reading: Reading) -> bool:
    """Whether a new caller is announced: ``next: …``, ``another customer on the line``."""
    return reading.has(cues.NEXT_CALLER)


def nobody_yet(context: Context) -> Context:
    """What still holds for a new caller: only which names belong to which ids."""
    return Context(names=dict(context.names))


def as_customers(segments: Sequence[Segment], reading: Reading) -> tuple[Segment, ...]:
    """The segments with the first name in them taken for the caller's, if a caller was said."""
    if not reading.has(cues.NEXT_CUSTOMER):
        return tuple(segments)
    found = list(segments)
    for at, segment in enumerate(found):
        if segment.subjects:
            first, *others = segment.subjects
            if first.kind == "name":
                found[at] = replace(segment, subjects=(replace(first, kind="customer"), *others))
            break
    return tuple(found)
