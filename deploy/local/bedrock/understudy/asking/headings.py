"""Hands what stands before a question to it: ``CUST7: how many orders in all``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.segments import Segment

_WEAK = frozenset({"identity", "customers", "about"})
_KINDS = frozenset({"customer", "product", "name"})
_SURELY_ALL = (
    "(all|every|each|any|our|other) (of )?(the |our )?(customers?|users?|accounts?|people)"
    "|(all|every|each|any|our|other) (of )?(the |our )?products?"
    "|everyone|everybody|anyone|anybody|overall|across|in general|company|shop|altogether we"
    "|(do|did|have|are) (we|you|there)(?! (any|an?|his|her|their))|our"
)


def handed_down(segments: Sequence[Segment]) -> list[Segment]:
    """The segments with the subjects of bare headings given to the question after them."""
    found = list(segments)
    emptied: set[int] = set()
    for at in range(len(found) - 1):
        heading, asked = found[at], found[at + 1]
        if _is_heading(heading) and _takes(asked):
            subjects = [s for s in heading.subjects if s.kind in _KINDS and not s.doubtful]
            found[at + 1] = replace(asked, subjects=subjects)
            emptied.add(at)
    return [one for at, one in enumerate(found) if at not in emptied]


def _is_heading(segment: Segment) -> bool:
    named = [s for s in segment.subjects if s.kind in _KINDS and not s.doubtful]
    bare = all(one.want.name in _WEAK for one in segment.wants) and not segment.yes_no
    return bare and len(named) == len(segment.subjects) == 1 and not segment.filters.narrows()


def _takes(segment: Segment) -> bool:
    """Whether a question names nobody, points at nobody, and does not ask about everybody."""
    whole = any(one.want.group for one in segment.wants)
    named = segment.subjects or segment.pronouns
    return whole and not named and not segment.reading.has(_SURELY_ALL)
