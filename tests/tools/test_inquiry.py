"""How the systems are asked and their answers put together, with systems that a test makes up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from tests.tools.made_up_systems import (
    PRODUCT,
    PROFILE,
    REVIEWS,
    WARRANTIES,
    Answer,
    MadeUpAurora,
    MadeUpSystems,
    customer_row,
    overview,
    reviews,
    warranties,
)
from tools.aurora.related import Related
from tools.contract import Result, error
from tools.customer_360 import customer_360_tools

DOWN = error("unavailable", "It cannot be reached.", retryable=True)
UNSOLD = "Product 1 (Lamp) is in the catalogue but not sold by us: Aurora does not know it."
LAMP = {"product_id": 1, "name": "Lamp", "price": "20.00", "stock_quantity": 3}


def test_the_tools_ask_the_model_for_an_id_and_nothing_else() -> None:
    """What the tools need beside it, they find out themselves."""
    tools = customer_360_tools(MadeUpAurora(), MadeUpSystems()._call)
    asked = {tool.name: list(tool.input_schema["properties"]) for tool in tools}
    assert asked == {
        "get_customer_360": ["customer_id"],
        "compare_product_records": ["product_id"],
    }
    assert {tool.system for tool in tools} == {"local"}
    assert max(len(tool.description) for tool in tools) < 300


async def test_a_result_always_has_the_same_parts() -> None:
    """Whoever reads it need not guess."""
    result = await MadeUpSystems().customer_360()
    assert list(result) == [
        "customer_id",
        "found",
        "customer",
        "orders",
        "profile",
        "reviews",
        "warranties",
        "discrepancies",
        "lifetime",
        "information",
        "unavailable",
    ]


async def test_aurora_profile_and_reviews_are_asked_at_the_same_time() -> None:
    """None of them answers before all three have been asked."""
    all_asked = asyncio.Barrier(3)

    async def profile(given: Mapping[str, Any]) -> Result:
        await all_asked.wait()
        return {"found": True, "profile": customer_row()}

    async def no_reviews(given: Mapping[str, Any]) -> Result:
        await all_asked.wait()
        return reviews(0)

    class WaitingAurora(MadeUpAurora):
        async def customer_overview(self, customer_id: str) -> Result | None:
            await all_asked.wait()
            return overview()

    systems = MadeUpSystems(WaitingAurora(), {PROFILE: profile, REVIEWS: no_reviews})
    result = await asyncio.wait_for(systems.customer_360(), 5)
    assert (result["unavailable"], all_asked.broken) == ([], False)


async def test_a_system_that_does_not_answer_in_time_does_not_hold_up_the_others() -> None:
    """It is missing; warranties go by the name that came first."""

    async def never(given: Mapping[str, Any]) -> Result:
        await asyncio.Event().wait()
        return {}

    systems = MadeUpSystems(
        says={PROFILE: never, REVIEWS: never, WARRANTIES: warranties("Ann Lee")}, deadline=0.05
    )
    result = await asyncio.wait_for(systems.customer_360(), 5)
    assert result["unavailable"] == ["profile", "catalog"]
    assert result["warranties"]["total"] == 1


async def test_a_result_comes_in_time_however_many_wait_for_each_other() -> None:
    """Names come before warranties, and these before what Aurora is asked last."""

    async def never(given: Mapping[str, Any]) -> Result:
        await asyncio.Event().wait()
        return {}

    class HangsAtLast(MadeUpAurora):
        async def related_records(self, **wanted: Any) -> Related:
            await asyncio.Event().wait()
            return Related(products=(), namesakes={})

    says: dict[str, Answer] = {PROFILE: never, WARRANTIES: never, REVIEWS: reviews(1)}
    clock = asyncio.get_running_loop().time
    began = clock()
    result = await MadeUpSystems(HangsAtLast(), says, deadline=0.5).customer_360()
    assert clock() - began < 0.9
    assert result["unavailable"] == ["aurora", "profile", "warranty"]
    assert (result["customer"]["first_name"], result["reviews"]["total"]) == ("Ann", 1)


@pytest.mark.parametrize("kind", ["unavailable", "timeout", "busy", "internal", "refused"])
async def test_a_tool_that_fails_makes_its_system_unavailable(kind: Any) -> None:
    """Whatever the reason, what it knows is missing."""
    systems = MadeUpSystems(says={PROFILE: error(kind, "No."), REVIEWS: error(kind, "No.")})
    assert (await systems.customer_360())["unavailable"] == ["profile", "catalog"]


async def test_an_id_that_a_tool_does_not_accept_is_unknown_to_it() -> None:
    """Its system did answer."""
    systems = MadeUpSystems(
        MadeUpAurora(overview=None), {PROFILE: error("invalid_input", "Not an id.")}
    )
    result = await systems.customer_360("???")
    assert (result["found"], result["unavailable"]) == (False, [])


async def test_with_every_system_down_nothing_is_known_and_that_is_said() -> None:
    """Not found would be a lie."""
    systems = MadeUpSystems(MadeUpAurora(fails=True), {PROFILE: DOWN, REVIEWS: DOWN})
    result = await systems.customer_360()
    assert result["found"] is False
    assert result["unavailable"] == ["aurora", "profile", "catalog"]
    assert result["information"] == [
        "No system gave the customer's name, so warranties could not be looked up."
    ]


async def test_a_customer_whom_only_the_profile_knows_is_found() -> None:
    """And it is said where the customer is missing."""
    systems = MadeUpSystems(
        MadeUpAurora(overview=None), {PROFILE: {"found": True, "profile": customer_row()}}
    )
    result = await systems.customer_360()
    assert (result["found"], result["customer"], result["orders"]) == (True, None, None)
    assert result["information"] == [
        "CUST042 has a profile but is not among the customers in Aurora."
    ]
    assert [given for name, given in systems.asked if name == WARRANTIES] == [
        {"customer_name": "Ann Lee"}
    ]


async def test_a_customer_without_a_profile_is_said_to_have_none() -> None:
    """As information, and without lifetime numbers."""
    result = await MadeUpSystems().customer_360()
    assert (result["information"], result["lifetime"]) == (["CUST042 has no profile."], None)


async def test_both_names_are_asked_for_when_the_systems_know_different_ones() -> None:
    """A warranty on either name is the customer's."""
    systems = MadeUpSystems(
        says={
            PROFILE: {"found": True, "profile": customer_row(name="Ann Smith")},
            WARRANTIES: by_name({"Ann Lee": warranties(), "Ann Smith": warranties("Ann Smith")}),
        }
    )
    result = await systems.customer_360()
    assert [one["kind"] for one in result["discrepancies"]] == ["name_differs"]
    assert [one["customer_name"] for one in result["warranties"]["warranties"]] == ["Ann Smith"]


def by_name(answers: Mapping[str, Result]) -> Any:
    """A warranty system that knows these names."""

    async def answer(given: Mapping[str, Any]) -> Result:
        return answers.get(given["customer_name"], warranties())

    return answer


async def test_a_holder_who_is_a_customer_too_has_warranties_of_their_own() -> None:
    """Ann Lee and Anne Lee are two customers."""
    found = warranties("Anne Lee", matched_by="similar_name")
    two = await MadeUpSystems(
        MadeUpAurora(namesakes={"Anne Lee": 1}), {WARRANTIES: found}
    ).customer_360()
    one = await MadeUpSystems(MadeUpAurora(), {WARRANTIES: found}).customer_360()
    assert (two["warranties"]["warranties"], two["discrepancies"]) == ([], [])
    assert [row["kind"] for row in one["discrepancies"]] == ["warranty_name_differs"]


async def test_customers_of_one_name_are_pointed_out_where_a_name_is_all_there_is() -> None:
    """The warranty may be another one's; without a warranty it does not matter."""
    aurora = MadeUpAurora(products=[LAMP], namesakes={"Ann Lee": 3})
    result = await MadeUpSystems(aurora, {WARRANTIES: warranties("Ann Lee")}).customer_360()
    without = await MadeUpSystems(aurora).customer_360()
    said = "3 customers are called Ann Lee; a warranty on that name may be another one's."
    assert said in result["information"]
    assert said not in without["information"]


async def test_a_customer_with_very_many_records_gives_a_short_result() -> None:
    """Ten of each are shown, the rest is counted, and a doubtful review is found behind them."""
    late = reviews(50, total=212)
    late["reviews"][49] |= {"product_id": 2, "verified_purchase": True}
    dear = {"product_id": 2, "name": "Boat", "price": "9000.00", "stock_quantity": 1}
    systems = MadeUpSystems(
        MadeUpAurora(overview=overview(largest_order=Decimal("10")), products=[LAMP, dear]),
        {REVIEWS: late, WARRANTIES: warranties(*["Ann Lee"] * 20, truncated=True)},
    )
    result = await systems.customer_360()
    assert len(result["reviews"]["reviews"]) == len(result["warranties"]["warranties"]) == 10
    assert (result["reviews"]["total"], result["reviews"]["truncated"]) == (212, True)
    assert (result["warranties"]["total"], result["warranties"]["truncated"]) == (None, True)
    assert ["REV49" in one["message"] for one in result["discrepancies"]] == [True]
    assert len(json.dumps(result)) < 6000


async def test_a_customer_with_nothing_elsewhere_costs_one_statement() -> None:
    """There is nothing to compare, so Aurora is asked once."""
    systems = MadeUpSystems()
    await systems.customer_360()
    assert systems.aurora.asked == ["overview"]


async def test_a_last_name_alone_is_asked_once() -> None:
    """A customer of one name has no wider name to look under."""
    row = {"customer_id": "CUST042", "first_name": None, "last_name": "Madonna", "email": "m@x.org"}
    systems = MadeUpSystems(
        MadeUpAurora(overview=overview(customer=row)), {WARRANTIES: warranties("Madonna")}
    )
    result = await systems.customer_360()
    assert [name for name, _ in systems.asked].count(WARRANTIES) == 1
    assert result["warranties"]["total"] == 1


@pytest.mark.parametrize(
    ("aurora", "said", "expected"),
    [
        (MadeUpAurora(products=[LAMP]), DOWN, (True, [], ["catalog"])),
        (MadeUpAurora(fails=True), {"found": True, "product": LAMP}, (True, [], ["aurora"])),
        (MadeUpAurora(fails=True), DOWN, (False, [], ["aurora", "catalog"])),
        (
            MadeUpAurora(),
            {"found": True, "product": LAMP},
            (
                True,
                [UNSOLD],
                [],
            ),
        ),
    ],
)
async def test_a_product_is_compared_with_what_there_is(
    aurora: MadeUpAurora, said: Result, expected: tuple[bool, list[str], list[str]]
) -> None:
    """A system that is down is no system that does not know the product."""
    result = await MadeUpSystems(aurora, {PRODUCT: said}).compare()
    assert (result["found"], result["information"], result["unavailable"]) == expected
    assert result["discrepancies"] == []


@pytest.mark.parametrize("product_id", [0, -1, 2**31, "four", None, 1.5])
async def test_a_number_that_no_product_can_have_is_refused(product_id: Any) -> None:
    """Before any system is asked."""
    systems = MadeUpSystems()
    result = await systems.compare(product_id)
    assert result["error"]["kind"] == "invalid_input"
    assert (systems.asked, systems.aurora.asked) == ([], [])
