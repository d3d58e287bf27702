"""Facts of every type are found in an answer or missed, and the verdict says which."""

from __future__ import annotations

from typing import Any

import pytest

from evals.scorers.discrepancy import Discrepancy
from evals.scorers.facts import FactsSaid
from tests.evals.scorers.held import held, messages, turn

ANSWER = "Order 3 of CUST003 (Bob Johnson): **$1,299.50**, shipped on Feb 11, 2024; three orders."
PENDING = {"sql": "select total_amount from orders where status = 'pending'", "as": "money"}


@pytest.mark.parametrize(
    ("say", "found"),
    [
        ({"must": ["bob johnson"]}, []),
        ({"must": ["Bob Johnsons"]}, ["the answer does not say 'Bob Johnsons'"]),
        ({"must": ["1299.50"]}, []),
        ({"must": [{"number": "1299.5"}]}, []),
        ({"must": [{"number": 3}]}, []),
        ({"must": [{"number": "1299.51"}]}, ["the answer does not say '1299.51'"]),
        ({"must": [{"number": 2024}]}, ["the answer does not say '2024'"]),
        ({"must": [{"date": "2024-02-11"}]}, []),
        ({"must": [{"date": "2024-02-12"}]}, ["the answer does not say '2024-02-12'"]),
        ({"must": [{"regex": "ship(ped)?"}]}, []),
        ({"must": [{"regex": "pending"}]}, ["the answer does not say /pending/"]),
        ({"must": [{"any": ["x", "shipped"]}]}, []),
        ({"must": [{"any": ["x", {"number": 9}]}]}, ["the answer does not say 'x' or '9'"]),
        ({"must_not": ["pending"]}, []),
        ({"must_not": ["shipped"]}, ["the answer says 'shipped'"]),
        ({"must_not": [{"number": "1299.50"}]}, ["the answer says '1299.50'"]),
        ({"must_not": [{"date": "2024-02-11"}]}, ["the answer says '2024-02-11'"]),
        ({"must_not": [{"regex": "SHIP"}]}, ["the answer says /SHIP/"]),
        ({"must_not": [{"any": ["x", "shipped"]}]}, ["the answer says 'shipped'"]),
        (
            {"must": [{"sql": "select first_name from users where customer_id = 'CUST003'"}]},
            [],
        ),
        (
            {"must": [{"store": "users", "where": {"customer_id": "CUST003"}, "field": "email"}]},
            ["the answer does not say 'bob.johnson@example.com'"],
        ),
        (
            {"must": [{"sql": "select date(order_date) from orders where id = 3", "as": "date"}]},
            [],
        ),
        ({"must": [{"sql": "select 3.0", "as": "number"}]}, []),
        ({"must": [PENDING]}, ["the answer does not say '42.98', '37.98'"]),
        ({"must_not": [PENDING]}, []),
    ],
)
def test_a_fact_is_said_or_named_as_missing(say: dict[str, Any], found: list[str]) -> None:
    """Numbers as decimals, days as days, texts as whole words, all rows of an oracle."""
    verdict = FactsSaid().score(held(turn("x", ANSWER, say=say)))
    assert messages(verdict) == found
    assert verdict.status == ("failed" if found else "passed")


def test_what_must_not_be_said_is_marked() -> None:
    """The finding has the words of the answer."""
    verdict = FactsSaid().score(held(turn("x", ANSWER, say={"must_not": [{"regex": "Ship\\w+"}]})))
    assert [finding.text for finding in verdict.findings] == ["shipped"]


def test_every_turn_has_its_own_facts() -> None:
    """A fact of the other turn does not help."""
    wanting = {"must": ["CUST003"]}
    verdict = FactsSaid().score(held(turn("x", ANSWER), turn("x", "no idea", say=wanting)))
    assert [finding.turn for finding in verdict.findings] == [1]


def test_an_oracle_without_a_row_is_an_error() -> None:
    """It is no pass and no failure of the desk."""
    lost = {"sql": "select email from users where customer_id = 'CUST777'"}
    verdict = FactsSaid().score(held(turn("x", ANSWER, say={"must": [lost]})))
    assert verdict.status == "error"
    assert "finds no value" in messages(verdict)[0]


def test_a_case_without_facts_is_not_judged() -> None:
    """Its calls or its difference are for other scorers."""
    record = held(turn("x", "y", say={}, tools={"forbid": ["x"]}))
    assert FactsSaid().score(record).status == "not_applicable"


@pytest.mark.parametrize("text", ["", "I don't know.", "I can't help with that."])
def test_saying_nothing_never_passes(text: str) -> None:
    """The answers of a desk that does nothing fail a turn that expects facts."""
    assert FactsSaid().score(held(turn("x", text, say={"must": ["x1"]}))).status == "failed"


STOCK = {
    "values": [
        {"store": "products", "where": {"id": 4}, "field": "stock_quantity", "as": "number"},
        {"number": 30},
    ],
    "systems": ["aurora", "catalog"],
}


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("25 units in Aurora, but 30 in the catalogue.", []),
        ("The order database says 25 units and the catalog 30.", []),
        ("25 units in Aurora.", 2),
        ("The systems differ: 25 and 30.", 2),
        ("Aurora and the catalogue agree: 25.", 1),
        ("25 units.", 3),
    ],
)
def test_a_difference_has_both_values_and_both_names(answer: str, found: int | list[str]) -> None:
    """Choosing one silently is wrong in every way."""
    verdict = Discrepancy().score(held(turn("x", answer, differences=[STOCK])))
    assert len(messages(verdict)) == (found if isinstance(found, int) else 0)
    assert verdict.status == ("failed" if found else "passed")


def test_a_difference_is_judged_where_one_is_declared() -> None:
    """And one that cannot be computed is an error."""
    assert Discrepancy().score(held(turn("x", "y"))).status == "not_applicable"
    lost = STOCK | {"values": [{"sql": "select 1 where 0"}, {"number": 30}]}
    assert Discrepancy().score(held(turn("x", "y", differences=[lost]))).status == "error"
