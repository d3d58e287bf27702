"""Asks all systems about one customer at the same time, and keeps what those say that answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from tools import likeness, spelling
from tools.contract import ErrorKind, Result, System, ToolFailure
from tools.discrepancies import full_name, is_nearly_named

DEADLINE_SECONDS = 10.0
# Of the deadline: how long those are waited for that are asked first, the warranties of the names
# that these give, and Aurora's side of it all. Whoever is late is missing; the rest is told.
FIRST, WARRANTIES, LAST = 0.75, 0.85, 0.95
REVIEWS_CHECKED = 50  # the newest of a customer, as many as one call gives

Call = Callable[[str, Mapping[str, Any]], Awaitable[Result]]
Row = Mapping[str, Any]
Data = TypeVar("Data")


class Related(Protocol):
    """Products that were found, and how many customers have each full name."""

    @property
    def products(self) -> Sequence[Row]:
        """The products, each with ``product_id``, ``name``, ``price`` and ``stock_quantity``."""

    @property
    def namesakes(self) -> Mapping[str, int]:
        """Full name -> number of customers in Aurora who are called so."""


class Aurora(Protocol):
    """What is asked of Aurora, one statement each; a failure is a `ToolFailure`."""

    async def customer_overview(self, customer_id: str) -> Result | None:
        """The customer, the newest orders with count and sum, and the largest order."""

    async def related_records(
        self,
        *,
        product_ids: Sequence[int] = (),
        product_names: Sequence[str] = (),
        full_names: Sequence[str] = (),
    ) -> Related:
        """Products by id or name, and how many customers have each name."""


@dataclass(frozen=True, slots=True)
class Reply(Generic[Data]):
    """What one system said: data, nothing because it knows nothing, or no answer at all."""

    system: System
    data: Data | None = None
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Findings:
    """What all systems said about one customer; ``warranties`` has a reply for each name asked."""

    customer_id: str
    overview: Reply[Result]
    profile: Reply[Result]
    reviews: Reply[Result]
    warranties: Sequence[Reply[Result]]
    related: Reply[Related]

    @property
    def names(self) -> list[str]:
        """The customer's full names, the one in Aurora first."""
        return _names(self.overview, self.profile)


class CustomerInquiry:
    """One question about one customer to all systems, answered by the deadline whoever is late.

    Args:
        database: asked for the Aurora part.
        call: asks any other tool.
        deadline: seconds from now.
    """

    def __init__(self, database: Aurora, call: Call, deadline: float) -> None:
        self._database = database
        self._call = call
        self._deadline = deadline
        self._began = asyncio.get_running_loop().time()

    async def ask_all(self, customer_id: str) -> Findings:
        """Ask everything that can be asked at once, and then what the answers lead to."""
        async with asyncio.TaskGroup() as group:
            overview = group.create_task(self._overview(customer_id))
            profile = group.create_task(self._profile(customer_id))
            reviews = group.create_task(
                self._ask_tool(
                    "catalog",
                    "list_reviews",
                    {"customer_id": customer_id, "limit": REVIEWS_CHECKED},
                )
            )
            warranties = group.create_task(self._warranties(overview, profile))
        return Findings(
            customer_id=customer_id,
            overview=overview.result(),
            profile=profile.result(),
            reviews=reviews.result(),
            warranties=warranties.result(),
            related=await self._related(
                overview.result(), profile.result(), reviews.result(), warranties.result()
            ),
        )

    async def _overview(self, customer_id: str) -> Reply[Result]:
        question = self._database.customer_overview(customer_id)
        return await ask("aurora", question, self._until(FIRST))

    async def _profile(self, customer_id: str) -> Reply[Result]:
        tool = "profile___get_customer_profile"
        reply = await self._ask_tool("profile", tool, {"customer_id": customer_id})
        return Reply("profile", data=(reply.data or {}).get("profile"), failed=reply.failed)

    async def _warranties(self, *sources: asyncio.Task[Reply[Result]]) -> Sequence[Reply[Result]]:
        """The warranties of each name that a source gives, asked as soon as it is known."""
        asked: dict[str, asyncio.Task[list[Reply[Result]]]] = {}
        async with asyncio.TaskGroup() as group:
            for source in asyncio.as_completed(sources):
                for name in _names(await source):
                    if spelling.name(name) not in asked:
                        asked[spelling.name(name)] = group.create_task(self._warranties_on(name))
        return [reply for _, task in sorted(asked.items()) for reply in task.result()]

    async def _warranties_on(self, name: str) -> list[Reply[Result]]:
        """The warranties on a name, and those of its last name, among which are slips of the pen.

        Close names come by themselves only when nothing is on the name as it is written.
        """
        tool = "warranty___find_warranties"
        exact = await self._ask_tool("warranty", tool, {"customer_name": name}, WARRANTIES)
        rows = (exact.data or {}).get("warranties", [])
        last_name = likeness.person(name).last
        if not rows or rows[0]["matched_by"] != "name" or last_name == spelling.name(name):
            return [exact]
        wide = await self._ask_tool("warranty", tool, {"customer_name": last_name}, WARRANTIES)
        if wide.data is not None:
            wide = Reply("warranty", data={**wide.data, "truncated": False})
        return [exact, wide]

    async def _related(
        self,
        overview: Reply[Result],
        profile: Reply[Result],
        reviews: Reply[Result],
        warranties: Sequence[Reply[Result]],
    ) -> Reply[Related]:
        """Aurora's side of what the others said; not asked when Aurora did not answer before."""
        rows = [row for reply in warranties for row in (reply.data or {}).get("warranties", [])]
        reviewed = (reviews.data or {}).get("reviews", [])
        own = _names(overview, profile)
        near = {row["customer_name"] for row in rows if is_nearly_named(own, row["customer_name"])}
        if overview.failed or not (rows or reviewed):
            return Reply("aurora", failed=overview.failed)
        question = self._database.related_records(
            product_ids=sorted({row["product_id"] for row in reviewed}),
            product_names=sorted({row["product_name"] for row in rows}),
            full_names=sorted(near.union(own)),
        )
        return await ask("aurora", question, self._until(LAST))

    async def _ask_tool(
        self, system: System, tool: str, given: Mapping[str, Any], share: float = FIRST
    ) -> Reply[Result]:
        return await ask_tool(system, self._call(tool, given), self._until(share))

    def _until(self, share: float) -> float:
        return self._began + share * self._deadline


async def ask(system: System, question: Awaitable[Data | None], until: float) -> Reply[Data]:
    """Wait for one system's answer, but no longer than until that time of the loop's clock."""
    try:
        async with asyncio.timeout_at(until):
            return Reply(system, data=await question)
    except TimeoutError:
        return Reply(system, failed=True)
    except ToolFailure as failure:
        return Reply(system, failed=_is_outage(failure.kind))


async def ask_tool(system: System, question: Awaitable[Result], until: float) -> Reply[Result]:
    """The same for a tool, whose failure is an ``error`` in its result."""
    reply = await ask(system, question, until)
    failure = (reply.data or {}).get("error")
    if failure is None:
        return reply
    return Reply(system, failed=_is_outage(failure["kind"]))


def _is_outage(kind: ErrorKind) -> bool:
    """Whether the system could not be asked; one that does not accept an id did answer."""
    return kind != "invalid_input"


def _names(*replies: Reply[Result]) -> list[str]:
    """The full names in the replies; an overview holds the customer, a profile is one."""
    found: list[str] = []
    for reply in replies:
        row = reply.data or {}
        name = full_name(row.get("customer", row))
        if name and name not in found:
            found.append(name)
    return found
