"""What a declined request spoke of: it is what ``his`` and ``it`` mean in the words after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Context, Subject


def with_spoken_of(before: Context, mentioned: Sequence[Subject]) -> Context:
    """The context with the things that were named as those spoken of last."""
    latest = dict(before.latest)
    for subject in mentioned:
        kind = "customer" if subject.kind == "name" else subject.kind
        latest[kind] = replace(subject, kind=kind)
        if kind == "order":
            latest["customer"] = replace(subject, kind="customer", by="order")
    return replace(before, latest=latest, mentioned=tuple(mentioned))
