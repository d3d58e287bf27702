"""Reads questions about the order that a declined request named: ``then which day was it``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Context
from deploy.local.bedrock.understudy.asking.segments import Segment

_OF_ONE_ORDER = frozenset({"orders", "order_total", "status", "order_customer", "spent", "price"})
_OF_SEVERAL = "orders|all|any|else|other|another|many|ever|list"


def with_mentioned(segments: Sequence[Segment], context: Context) -> list[Segment]:
    """The segments with the one order that was just named, where no other is meant."""
    orders = [subject for subject in context.mentioned if subject.kind == "order"]
    if len(orders) != 1 or any(segment.subjects for segment in segments):
        return list(segments)
    return [replace(s, subjects=orders) if _is_of_it(s) else s for s in segments]


def _is_of_it(segment: Segment) -> bool:
    wants = {wanted.want.name for wanted in segment.wants}
    of_it = bool(wants) and wants <= _OF_ONE_ORDER and not segment.filters.narrows()
    return of_it and not segment.reading.has(_OF_SEVERAL)
