"""Reads who keeps asking for what was declined: a part of it, or which answer was wrong."""

from __future__ import annotations

from collections.abc import Sequence

from deploy.local.bedrock.understudy.asking.asks import Ask, Context
from deploy.local.bedrock.understudy.asking.segments import Segment
from deploy.local.bedrock.understudy.reading import cues, more_talk
from deploy.local.bedrock.understudy.reading.reading import Reading

_STILL_BIRTH = frozenset({"birth", "identity", "about", "know", "everything"})


def pressed(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """What is declined once more; empty when something else is asked."""
    if any(segment.subjects for segment in segments):
        return []
    last = {ask.want: ask for ask in context.asks}
    wants = {one.want.name for segment in segments for one in segment.wants}
    if "verify" in last and reading.has(more_talk.WHICH_FAILED) and not reading.has(cues.VERIFY):
        return [Ask("declined", note="which_failed")]
    if "birth" in last and wants <= _STILL_BIRTH and reading.has(more_talk.PART_OF_BIRTH):
        return [last["birth"]]
    return []
