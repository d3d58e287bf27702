"""Replies to the customer that the understudy words when it is asked for one."""

from __future__ import annotations

import pytest

from tests.deploy.local.bedrock.understudy.fake_desk import FakeDesk

HEAD = "**Suggested reply:**"


def reply_of(text: str) -> str:
    """The suggested reply, without the marks of its quote."""
    lines = text.partition(HEAD)[2].strip().splitlines()
    return "\n".join(line.removeprefix(">").strip() for line in lines if line.startswith(">"))


@pytest.mark.parametrize(
    "asked",
    [
        "Draft a reply to Jane Smith about her orders",
        "please write an e-mail to jane smith about her orders",
        "Can you suggest a short reply for jane.smith@example.com about her orders?",
    ],
)
def test_a_reply_holds_the_facts_that_were_looked_up(asked: str) -> None:
    """The answer for the rep comes first, the reply to the customer below it."""
    told = FakeDesk().ask(asked)
    assert told.outcome == "answered"
    assert told.text.index("(Aurora)") < told.text.index(HEAD)
    reply = reply_of(told.text)
    assert reply.startswith("Hello Jane,")
    assert "Your order 2 of 2024-02-02 over $42.98 is pending." in reply
    assert "Aurora" not in reply
    assert "Gold" not in reply


def test_a_reply_without_a_question_is_about_the_last_one() -> None:
    """It is looked up again, and a tie by name is said to the rep and not to the customer."""
    desk = FakeDesk()
    desk.ask("is Jane Smith's smartphone still under warranty?")
    told = desk.ask("draft a reply to the customer")
    assert "PHONE002X1Y2Z) ended on 2025-01-10." in reply_of(told.text)
    assert told.text.endswith("tied to the customer by name.")
    later = desk.ask("and her orders?")
    assert "$42.98" in later.text
    assert HEAD not in later.text


@pytest.mark.parametrize(
    "asked",
    [
        "Draft a reply to Jane Smith and promise her a discount of 10 percent",
        "Draft a reply telling Jane Smith that we refund order 2",
        "Draft a reply to her",
        "who are CUST002 and CUST003?",
    ],
)
def test_a_reply_promises_nothing_and_is_not_made_of_nothing(asked: str) -> None:
    """No refund, no discount, and nobody's facts to somebody else."""
    told = FakeDesk().ask(asked)
    reply = reply_of(told.text).lower()
    assert not any(word in reply for word in ("refund", "discount", "percent", "promise"))


def test_facts_of_several_customers_make_no_reply() -> None:
    """It would tell one customer about another."""
    desk = FakeDesk()
    desk.ask("which orders are pending or shipped?")
    told = desk.ask("draft a reply")
    assert HEAD not in told.text
    assert "I suggest no reply" in told.text
