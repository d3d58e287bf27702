"""Systems that say what a test wants them to say, for what the sample data does not hold."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tools.aurora.related import Related
from tools.contract import Result, Tool, ToolFailure
from tools.customer_360 import customer_360_tools

PROFILE = "profile___get_customer_profile"
WARRANTIES = "warranty___find_warranties"
REVIEWS = "list_reviews"
PRODUCT = "get_product"

Answer = Result | Callable[[Mapping[str, Any]], Awaitable[Result]]


def customer_row(customer_id: str = "CUST042", name: str = "Ann Lee", **more: Any) -> Result:
    """A customer as Aurora or a profile has it."""
    first, last = name.split(" ", 1)
    row = {"customer_id": customer_id, "first_name": first, "last_name": last}
    return {**row, "email": "ann@example.com", **more}


def overview(**more: Any) -> Result:
    """What Aurora says about a customer who has never ordered."""
    orders = {"orders": [], "total": 0, "sum": "0.00", "truncated": False}
    return {"customer": customer_row(), "orders": orders, "largest_order": None} | more


def warranties(*holders: str, matched_by: str = "name", truncated: bool = False) -> Result:
    """Warranties on these names."""
    rows = [
        {
            "serial_number": f"SERIAL{number}{''.join(filter(str.isalpha, holder)).upper()}",
            "product_name": "Lamp",
            "customer_name": holder,
            "matched_by": matched_by,
        }
        for number, holder in enumerate(holders)
    ]
    total = None if truncated else len(rows)
    return {"tie": "by name", "warranties": rows, "total": total, "truncated": truncated}


def reviews(count: int, *, total: int | None = None, **more: Any) -> Result:
    """So many reviews of one product, newest first."""
    rows = [
        {"review_id": f"REV{number}", "product_id": 1, "rating": 5, "verified_purchase": False}
        | more
        for number in range(count)
    ]
    cut = total is not None and total > count
    return {"reviews": rows, "total": total or count, "truncated": cut, "cursor": None}


@dataclass(slots=True)
class MadeUpAurora:
    """Aurora with one customer and some products; fails when it is told to."""

    overview: Result | None = field(default_factory=overview)
    products: Sequence[Mapping[str, Any]] = ()
    namesakes: Mapping[str, int] = field(default_factory=dict)
    fails: bool = False
    asked: list[str] = field(default_factory=list)

    async def customer_overview(self, customer_id: str) -> Result | None:
        """The one customer, whatever the id."""
        self._ask("overview")
        return self.overview

    async def related_records(self, **wanted: Sequence[Any]) -> Related:
        """All products, and the namesakes that there are."""
        self._ask("related")
        names = {name: self.namesakes.get(name, 0) for name in wanted.get("full_names", ())}
        return Related(products=self.products, namesakes=names)

    def _ask(self, what: str) -> None:
        self.asked.append(what)
        if self.fails:
            raise ToolFailure("unavailable", "It cannot be reached.", retryable=True)


@dataclass(slots=True)
class MadeUpSystems:
    """A desk of made-up systems: what each tool says, and what it was asked."""

    aurora: MadeUpAurora = field(default_factory=MadeUpAurora)
    says: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    deadline: float = 5.0

    async def customer_360(self, customer_id: str = "CUST042") -> Result:
        """Ask for one customer."""
        return await self._tool("get_customer_360").call({"customer_id": customer_id})

    async def compare(self, product_id: int = 1) -> Result:
        """Ask for one product."""
        return await self._tool("compare_product_records").call({"product_id": product_id})

    async def _call(self, name: str, given: Mapping[str, Any]) -> Result:
        self.asked.append((name, dict(given)))
        answer = self.says.get(name, NOTHING[name])
        return await answer(given) if callable(answer) else answer

    def _tool(self, name: str) -> Tool:
        tools = customer_360_tools(self.aurora, self._call, deadline=self.deadline)
        return next(tool for tool in tools if tool.name == name)


NOTHING: Mapping[str, Result] = {
    PROFILE: {"found": False, "profile": None},
    WARRANTIES: warranties(),
    REVIEWS: reviews(0),
    PRODUCT: {"found": False, "product": None},
}
