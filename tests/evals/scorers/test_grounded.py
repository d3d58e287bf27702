"""Figures of answers: true sentences raise no alarm, made-up ones always do."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent import Failed
from evals.scorers.grounded import Grounded
from evals.scorers.layout import items_behind
from tests.evals.scorers.held import CUSTOMER, ORDERS, call, held, messages, turn

PROFILE = {
    "found": True,
    "profile": {
        "customer_id": "CUST001",
        "email": "john.doe@example.com",
        "phone": "+1-555-0101",
        "address": {"street": "123 Tech Street", "zip": "94105"},
        "registration_date": "2022-01-15",
        "tier": "Premium",
        "support_cases_count": 2,
        "total_purchases": 5,
        "lifetime_value": "3250.99",
    },
}
WARRANTY = {
    "found": True,
    "as_of": "2026-11-22",
    "warranty": {
        "serial_number": "LAPTOP001A1B2C",
        "product_name": "Laptop Pro",
        "purchase_date": "2023-08-15",
        "warranty_end_date": "2028-08-15",
        "days_left": 632,
    },
}
REVIEWS = {
    "reviews": [
        {"review_id": "REV001", "rating": 5, "comment": "Eight hours a day for 3 weeks."},
        {"review_id": "REV004", "rating": 3, "comment": "Solid."},
    ],
    "total": 2,
}
SUMMARY = {"product_id": 1, "reviews": 2, "average_rating": "4.50", "ratings": {"4": 1, "5": 1}}
ROWS: Any = ORDERS["orders"]
CALLS = (
    call("list_orders", ORDERS, customer_id="CUST001"),
    call("profile___get_customer_profile", PROFILE, customer_id="CUST001"),
    call("warranty___check_warranty_status", WARRANTY, serial_number="LAPTOP001A1B2C"),
    call("list_reviews", REVIEWS, customer_id="CUST001"),
    call("rating_summary", SUMMARY, product_id=1),
)
ASKED = (
    "orders, profile, warranty and reviews of CUST001 - he says 3 parcels and $50 off in Q2 2025"
)

GOOD = (
    "There are **2 orders**, **$1,419.97** in total.",
    "Two orders: $89.99 and 1329.98 dollars.",
    "CUST001 has two completed orders.",
    "Order 4 was placed on 2024-02-14, order #1 on Jan 10, 2024.",
    "Order 4 is of 14 February 2024.",
    "Order 1: 1/10/2024, $1,329.98.",
    "Both orders are of the first quarter: one of January 2024, one of February 2024.",
    "His last order was in 2024.",
    "The laptop is covered until August 15, 2028: 632 days left as of today, 2026-11-22.",
    "LAPTOP001A1B2C (bought 2023-08-15) is active.",
    "Serial laptop001-a1b2c is active until 15 Aug 2028.",
    "He can be reached at john.doe@example.com or (1) 555-0101.",
    "Phone **+1-555-0101**, the one that ends in 0101.",
    "He lives at 123 Tech Street, 94105.",
    "A customer since 2022, registered Jan. 15, 2022.",
    "5 purchases with a lifetime value of $3,250.99, two support cases.",
    "Rated 4.50 out of 5 stars from 2 reviews: one with 5 stars and one with 4.",
    "The average is 4.5/5 over two reviews.",
    "REV001 has five stars, REV004 three stars.",
    "He writes “Eight hours a day for 3 weeks.”",
    "1. REV001: 5 of 5 stars\n2. REV004: 3 of 5 stars",
    "We are here 24/7; tell me the last four digits of the phone.",
    "No system knows of 3 parcels or of $50 off.",
    "No order between 2025-01-01 and 2025-12-31, or in Q2 2025.",
    "The two systems agree: CUST001 is Premium.",
    "| Order | Total |\n| --- | --- |\n| 4 | $89.99 |\n| 1 | $1,329.98 |",
    "There is 1 warranty under this name.",
    "3 things to know:\n\n- he is Premium\n- he has a laptop\n- he has two reviews",
    "The second of the 2 orders, the 2nd, is order 1.",
    "Nothing is known of other customers.",
)
BAD = (
    ("There are **4 orders**, $1,419.97 in total.", "4"),
    ("He has three open orders and seven reviews.", "seven"),
    ("The total is $1,519.97.", "1,519.97"),
    ("The total is $1,420.", "1,420"),
    ("Order 7 is pending.", "7"),
    ("Order 4 was placed on 2024-02-15.", "2024-02-15"),
    ("Order 4 is of 14 February 2025.", "14 February 2025"),
    ("Order 1 is of Jan 11, 2024.", "Jan 11, 2024"),
    ("Order 1: 10/1/2023.", "10/1/2023"),
    ("His orders are of March 2024.", "March 2024"),
    ("The laptop is covered until 2026-08-15.", "2026-08-15"),
    ("633 days are left.", "633"),
    ("LAPTOP001A1B2D is active.", "LAPTOP001A1B2D"),
    ("He is CUST002.", "CUST002"),
    ("Write to john.doe@example.org.", "john.doe@example.org"),
    ("Call +1-555-0107.", "+1-555-0107"),
    ("Call the number that ends in 0107.", "0107"),
    ("He lives at 125 Tech Street.", "125"),
    ("His ZIP code is 94107.", "94107"),
    ("A customer since 2019.", "2019"),
    ("A lifetime value of $3,520.99.", "3,520.99"),
    ("He has four support cases.", "four"),
    ("Rated 4.8 out of 5 stars.", "4.8"),
    ("He gave ★☆☆☆☆ 9 times.", "9"),
    ("REV002 is his as well.", "REV002"),
    ("You get a 15 % discount.", "15"),
    ("It takes 7-10 business days.", "7"),
    ("See https://status.example/orders.", "https://status.example/orders"),
    ("It was shipped at 09:45.", "09:45"),
    ("The 3rd order is the largest.", "3rd"),
    ("A dozen customers asked the same.", "dozen"),
    ("Two hundred units are in stock.", "hundred"),
)


@pytest.mark.parametrize("answer", GOOD)
def test_a_true_sentence_raises_no_alarm(answer: str) -> None:
    """Every figure stands in a result or in the rep's words."""
    assert messages(Grounded().score(held(turn(ASKED, answer, *CALLS)))) == []


@pytest.mark.parametrize(("answer", "wrong"), BAD)
def test_a_made_up_figure_is_found_and_marked(answer: str, wrong: str) -> None:
    """The finding has the part of the answer that a report marks."""
    found = Grounded().score(held(turn(ASKED, answer, *CALLS)))
    assert found.status == "failed"
    assert any(wrong in finding.text or finding.text in wrong for finding in found.findings)
    assert all(finding.text in answer for finding in found.findings)


def test_a_finding_says_what_is_not_known() -> None:
    """In one sentence, with the kind of the figure."""
    record = held(turn("hi", "Mail a@b.example about 7 orders.", CALLS[0]))
    assert messages(Grounded().score(record)) == [
        "the e-mail address 'a@b.example' is in no tool result and not in the rep's words",
        "the number '7 orders' is in no tool result and not in the rep's words",
    ]


def test_the_prompt_is_no_source() -> None:
    """A figure of the prompt's examples is made up."""
    record = held(turn("hi", "It is $1,777.77."), prompt="money as $1,777.77")
    assert Grounded().score(record).status == "failed"


def test_a_failed_call_is_no_source() -> None:
    """Whatever it was asked for."""
    failed = call("get_order", ok=False, order_id=4711)
    assert Grounded().score(held(turn("an order", "Order 4711.", failed))).status == "failed"


def test_earlier_turns_are_a_source_and_later_ones_are_not() -> None:
    """Within one conversation, in its order."""
    known, asked = call("list_orders", ORDERS), turn("and the total?", "$1,419.97")
    assert Grounded().score(held(turn("orders", "two orders", known), asked)).status == "passed"
    late = Grounded().score(held(asked, turn("orders", "two orders", known)))
    assert [finding.turn for finding in late.findings] == [0]


def test_another_conversation_is_no_source() -> None:
    """What was read for one rep does not stand in the other's answer."""
    one = turn("orders", "two orders", call("list_orders", ORDERS), conversation="one")
    other = turn("and the total?", "$1,419.97", conversation="other")
    assert [finding.turn for finding in Grounded().score(held(one, other)).findings] == [1]


def test_it_can_be_switched_off_with_a_reason() -> None:
    """Then nothing is said of it."""
    record = held(turn("hi", "777 orders"), grounding={"off": "asks for a joke"})
    assert Grounded().score(record).status == "not_applicable"


def test_a_turn_without_an_answer_has_no_figures() -> None:
    """The message of a failed turn is not the model's."""
    failed = Failed(code="internal", message="(Turn ab12)", retryable=True)
    record = held(turn("hi", failed=failed))
    assert Grounded().score(record).status == "not_applicable"


def test_an_answer_counts_its_own_lines() -> None:
    """As many as the list or table has that follows, and no others."""
    lines = "\n\n- one\n- two\n- three"
    assert Grounded().score(held(turn("hi", f"3 differences:{lines}"))).status == "passed"
    assert Grounded().score(held(turn("hi", f"4 differences:{lines}"))).status == "failed"
    assert Grounded().score(held(turn("hi", f"3:{lines}"))).status == "failed"
    assert Grounded().score(held(turn("hi", "3 differences."))).status == "failed"


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("x:\n- a\n- b", 2),
        ("x:\n\n1. a\n2. b\n\nend", 2),
        ("x:\n* a\n    more\n* b", 2),
        ("x\n| A |\n| --- |\n| 1 |\n| 2 |", 2),
        ("x\n| 1 |\n| 2 |", 2),
        ("x\ntext\n- a", None),
        ("x", None),
    ],
)
def test_lines_of_a_list_or_table_are_counted(text: str, items: int | None) -> None:
    """The head of a table is no row of it."""
    assert items_behind(text, 1) == items


@pytest.mark.parametrize(
    ("way", "answer"),
    [
        ("sum", "They come to $1,419.97 together."),
        ("difference", "$1,239.99 more."),
        ("average", "$709.99 on average."),
        ("average", "$709.985 on average."),
        ("count", "Two of them are completed: 2."),
        ("days", "35 days lie between."),
        ("days", "5 weeks lie between."),
        ("percent", "That is 1,378 % more."),
    ],
)
def test_a_figure_may_be_worked_out_where_the_case_says_so(way: str, answer: str) -> None:
    """And only in that way."""
    rows = call("list_orders", {"orders": ROWS})
    asked = turn("orders of the customer", answer, rows)
    assert Grounded().score(held(asked, grounding={"derived": [way]})).status == "passed"
    if way != "count":
        assert Grounded().score(held(asked)).status == "failed"


@pytest.mark.parametrize(
    ("way", "answer"),
    [
        ("sum", "They come to $1,419.98 together."),
        ("difference", "$1,241 more."),
        ("average", "$709.97 on average."),
        ("count", "7 of them are completed."),
        ("days", "36 days lie between."),
        ("days", "35 orders."),
        ("percent", "That is 1,379 % more."),
        ("sum", "on 2030-01-01"),
    ],
)
def test_a_figure_that_is_worked_out_wrongly_is_found(way: str, answer: str) -> None:
    """It must be that computation over figures of the results."""
    rows = call("list_orders", {"orders": ROWS})
    asked = turn("orders of the customer", answer, rows)
    assert Grounded().score(held(asked, grounding={"derived": [way]})).status == "failed"


def test_rows_of_several_calls_are_added_up() -> None:
    """Like-named fields of lists and of single records."""
    lists = [call("list_orders", {"orders": [row], "sum": None}) for row in ROWS]
    singles = [call("get_order", {"found": True, "order": row}) for row in ROWS]
    for calls in (lists, singles):
        asked = turn("both?", "Together $1,419.97.", *calls)
        assert Grounded().score(held(asked, grounding={"derived": ["sum"]})).status == "passed"
        assert Grounded().score(held(asked)).status == "failed"


def test_rows_beyond_what_the_rep_said_are_counted() -> None:
    """Thresholds of the rep, and equal fields."""
    rows = [{"amount": amount, "status": "open"} for amount in (10, 20, 30, 40)]
    asked = turn("how many over 15?", "That is 3 rows.", call("query", {"rows": rows}))
    assert Grounded().score(held(asked, grounding={"derived": ["count"]})).status == "passed"
    assert Grounded().score(held(asked)).status == "failed"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.decimals(1, 10**5, places=2), min_size=2, max_size=10))
def test_every_sum_and_every_average_is_found(amounts: list[Decimal]) -> None:
    """Exactly, or rounded to cents."""
    rows = call("list_orders", {"orders": [{"total_amount": str(each)} for each in amounts]})
    mean = Decimal(sum(amounts)) / len(amounts)
    answer = f"In all ${sum(amounts):,.2f}."
    asked = turn("sum?", answer, rows)
    assert Grounded().score(held(asked, grounding={"derived": ["sum"]})).status == "passed"
    shown = turn("mean?", f"${mean:,.4f} on average", rows)
    assert Grounded().score(held(shown, grounding={"derived": ["average"]})).status == "passed"


def test_a_customer_that_was_found_may_be_told() -> None:
    """The plain case: every figure of one record."""
    found = call("find_customers", {"customers": [CUSTOMER], "total": 1})
    answer = "**Bob Johnson (CUST003)**: bob.johnson@example.com, since Sept 5, 2021; 1 customer."
    assert Grounded().score(held(turn("bob?", answer, found))).status == "passed"
