"""Products that cost less, or more, than one: ``anything cheaper than that``."""

from __future__ import annotations

from decimal import Decimal

from deploy.local.bedrock.understudy.answering import product_groups, products
from deploy.local.bedrock.understudy.answering.lookups import failed, rows
from deploy.local.bedrock.understudy.answering.markdown import money
from deploy.local.bedrock.understudy.answering.numbers import amount
from deploy.local.bedrock.understudy.answering.sections import Section
from deploy.local.bedrock.understudy.answering.working import Work, unresolved
from deploy.local.bedrock.understudy.asking.asks import Ask, Filters

_CENT = Decimal("0.01")


def other_price(work: Work, ask: Ask) -> list[Section] | None:
    """The products below the price of the one that is meant, or above it."""
    what = work.product(ask.subjects[0])
    if what.state != "found":
        return None if what.state == "waiting" else [unresolved(work, ask.subjects[0], what)]
    answer = work.look.product(what.identity)
    if answer is None:
        return None
    row = next(iter(rows(answer, "products")), None)
    if failed(answer) or row is None:
        return [Section(f"The price of **{what.name}** could not be asked.")]
    price = amount(row.get("price"))
    if ask.filters.lower:
        filters = Filters(most=price - _CENT, bounds=f"under {money(price)}")
    else:
        filters = Filters(least=price + _CENT, bounds=f"over {money(price)}")
    return product_groups.products(work, Ask("products", (), filters), products.single)
