"""Chance that repeats: every part of the generated data has a source of its own, by name."""

from __future__ import annotations

from random import Random


def seeded(*parts: object) -> Random:
    """A source of choices that is the same for the same parts, in every process and release."""
    return Random(":".join(map(str, parts)))  # noqa: S311 - made-up data, no secret
