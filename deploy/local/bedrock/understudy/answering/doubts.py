"""Whether a common word of a question names a product after all, and what holds if it does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from deploy.local.bedrock.understudy.answering.likeness import mistakes
from deploy.local.bedrock.understudy.answering.lookups import rows
from deploy.local.bedrock.understudy.answering.working import Work
from deploy.local.bedrock.understudy.asking.asks import Ask, Subject
from deploy.local.bedrock.understudy.asking.merging import merged

# Their names may be categories too, and one that is neither is said to be unknown.
_OF_GROUPS = frozenset(
    "products superlative_product superlative_stock product_count average_price average_stock"
    " about".split()
)
_OF_WARRANTIES = frozenset({"warranties", "holder"})
_TOOL = "warranty___find_warranties"


def settled(work: Work, ask: Ask) -> Sequence[Ask] | None:
    """The ask, or what it means without common words that name nothing; None while waiting."""
    doubtful = [subject for subject in ask.subjects if subject.loose]
    alone = len(doubtful) == len(ask.subjects) and not ask.otherwise
    if not doubtful or alone or ask.want in _OF_GROUPS:
        return [ask]
    found = [_names_something(work, ask, subject) for subject in doubtful]
    if None in found:
        return None
    if all(found):
        return [ask]
    if ask.otherwise:
        return merged(ask.otherwise)
    real = [s for s in ask.subjects if not s.loose or found[doubtful.index(s)]]
    return [replace(ask, subjects=tuple(real))] if real else [ask]


def _names_something(work: Work, ask: Ask, subject: Subject) -> bool | None:
    """Whether a word that may be no name is one of a customer or a product."""
    if subject.doubtful:
        return _names_product(work, ask, subject)
    kinds = [subject.kind] if subject.kind != "name" else ["customer", "product"]
    found = [
        (work.product if kind == "product" else work.customer)(replace(subject, kind=kind))
        for kind in kinds
    ]
    if any(what.state == "waiting" for what in found):
        return None
    if any(what.state in ("found", "ambiguous") for what in found):
        return True
    return _names_product(work, ask, subject) if ask.want in _OF_WARRANTIES else False


def _names_product(work: Work, ask: Ask, subject: Subject) -> bool | None:
    """Whether a product has a name of exactly these words, or begins or ends with them."""
    what = work.product(replace(subject, kind="product"))
    if what.state == "waiting":
        return None
    names = [what.name, *(str(row.get("name", "")) for row in what.candidates)]
    if any(name and mistakes(subject.value, name) == 0 for name in names):
        return True
    if ask.want not in _OF_WARRANTIES:
        return False
    held = work.look.get(_TOOL, product_name=subject.value)
    return None if held is None else bool(rows(held, "warranties"))
