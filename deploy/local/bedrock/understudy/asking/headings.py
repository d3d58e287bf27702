"""Hands what stands before or behind questions to them: ``CUST7: how many orders in all``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.asking.asks import Subject
from deploy.local.bedrock.understudy.asking.segments import Segment

_WEAK = frozenset({"identity", "customers", "about"})
_KINDS = frozenset({"customer", "product", "name"})
_ONES = frozenset({"one", "ones", "it", "that", "them", "those"})
_IDLE_ENDS = frozenset({"please", ",", ".", "then", "now"})
_SURELY_ALL = (
    "(all|every|each|any|our|other) (of )?(the |our )?(customers?|users?|accounts?|people)"
    "|(all|every|each|any|our|other) (of )?(the |our )?products?"
    "|everyone|everybody|anyone|anybody|overall|across|in general|company|shop|altogether we"
    "|(do|did|have|are) (we|you|there)(?! (any|an?|his|her|their))|our"
)


def handed_down(segments: Sequence[Segment]) -> list[Segment]:
    """The segments with the subjects of bare headings given to the question after them."""
    found = _handed_back(list(segments))
    emptied: set[int] = set()
    for at in range(len(found) - 1):
        heading, asked = found[at], found[at + 1]
        if _is_heading(heading) and _takes(asked):
            subjects = [s for s in heading.subjects if s.kind in _KINDS and not s.doubtful]
            found[at + 1] = replace(asked, subjects=subjects)
            _to_all_behind(found, at + 2, subjects)
            emptied.add(at)
        elif _begins_with_heading(heading):
            _to_all_behind(found, at + 1, heading.subjects)
    return _of_the_one_named([one for at, one in enumerate(found) if at not in emptied])


def _of_the_one_named(found: list[Segment]) -> list[Segment]:
    """``Who is CUST7, which tier, which orders``: what follows is of the one customer named."""
    named = [(at, s) for at, one in enumerate(found) for s in one.subjects]
    if len(named) != 1 or named[0][1].doubtful or named[0][1].kind not in ("customer", "name"):
        return found
    first, customer = named[0]
    for at in range(first + 1, len(found)):
        if not _in_one_sentence(found[at - 1], found[at]):
            break
        of_customers = all("customer" in one.want.of for one in found[at].wants)
        if of_customers and _takes(found[at]):
            found[at] = replace(found[at], subjects=(customer,))
    return found


def _begins_with_heading(segment: Segment) -> bool:
    """Whether a name with a comma or colon behind it begins a question: ``jane: tier``."""
    if len(segment.subjects) != 1 or segment.subjects[0].doubtful or not segment.wants:
        return False
    heading, marks = segment.subjects[0], segment.reading.marks
    behind = marks[heading.last + 1].words if heading.last + 1 < len(marks) else ""
    return heading.kind in _KINDS and heading.first == 0 and behind == ","


def _to_all_behind(found: list[Segment], first: int, subjects: Sequence[Subject]) -> None:
    """``Jane: tier, last order, any warranties``: the heading is one for all that follows."""
    for at in range(first, len(found)):
        one = found[at]
        named = one.subjects or one.pronouns - _ONES or one.reading.has(_SURELY_ALL)
        if named or not one.wants or not _in_one_sentence(found[first - 1], one):
            return
        found[at] = replace(one, subjects=subjects)


def _handed_back(found: list[Segment]) -> list[Segment]:
    """The segments, those of ``how many orders and which is the last one for jane`` with jane."""
    for at in range(len(found) - 1, 0, -1):
        asked, before = found[at], found[at - 1]
        whom = [s for s in asked.subjects if s.kind in ("customer", "name") and not s.doubtful]
        if len(whom) != 1 or len(asked.subjects) != 1 or not _is_at_the_end(asked, whom[0]):
            continue
        of_all = asked.word_before(whom[0]) == "for" or asked.pronouns & _ONES
        if of_all and _takes(before) and _in_one_sentence(before, asked):
            found[at - 1] = replace(before, subjects=whom)
    return found


def _is_at_the_end(segment: Segment, subject: Subject) -> bool:
    rest = segment.reading.marks[subject.last + 1 :]
    return all(mark.words in _IDLE_ENDS for mark in rest)


def _in_one_sentence(one: Segment, other: Segment) -> bool:
    between = one.reading.text[one.reading.marks[-1].token.end : other.reading.marks[0].token.start]
    return not set(between) & set(".?!;\n")


def _is_heading(segment: Segment) -> bool:
    named = [s for s in segment.subjects if s.kind in _KINDS and not s.doubtful]
    bare = all(one.want.name in _WEAK for one in segment.wants) and not segment.yes_no
    return bare and len(named) == len(segment.subjects) > 0 and not segment.filters.narrows()


def _takes(segment: Segment) -> bool:
    """Whether a question names nobody, points at nobody, and does not ask about everybody."""
    whole = any(one.want.group for one in segment.wants)
    named = segment.subjects or segment.pronouns
    return whole and not named and not segment.reading.has(_SURELY_ALL)
