"""Puts in its place what leans on other words or earlier turns, before the facts are attached."""

from __future__ import annotations

from collections.abc import Sequence

from deploy.local.bedrock.understudy.asking import (
    behind,
    members,
    mentioned,
    parts,
    repeating,
    shifted,
    stories,
)
from deploy.local.bedrock.understudy.asking.asks import Ask, Context
from deploy.local.bedrock.understudy.asking.merging import merged
from deploy.local.bedrock.understudy.asking.segments import Segment
from deploy.local.bedrock.understudy.reading.reading import Reading


def settled(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Segment]:
    """The segments with periods, people and parts that lean on others worked out."""
    found = behind.with_who_did_it(segments, context)
    found = shifted.with_periods_told(found, reading, context)
    found = stories.with_all_serials(stories.without_stories(found, context))
    found = mentioned.with_mentioned(found, context)
    return repeating.with_repeats(parts.with_parts_apart(found))


def taken_up(segments: Sequence[Segment], reading: Reading, context: Context) -> list[Ask]:
    """The asks of a text that takes up earlier ones as a whole; empty when it does not."""
    again = repeating.repeated(segments, reading, context)
    part = merged(again) or parts.part_of_shown(segments, reading, context)
    return part or members.of_members(segments, context)
