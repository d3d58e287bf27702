"""What could not be asked is named in plain words; an outage is never made up."""

from __future__ import annotations

import pytest

from evals.cases import Fault
from evals.scorers.honesty import Honesty
from evals.scorers.systems import NAMES, called_down, names, says_none
from tests.evals.scorers.held import call, held, messages, turn

DOWN = Fault(system="profile", kind="timeout")
TWICE = Fault(tool="list_orders", calls=[1], kind="server_error")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("The profile system could not be asked just now.", True),
        ("I couldn't reach the customer profiles; please try again.", True),
        ("Tier: unknown, the profile service is not responding.", True),
        ("These did not answer:\n\n- the profile system\n- the warranty system", True),
        ("| Tier | profile system timed out |", True),
        ("I cannot tell the tier: profile data is unavailable.", True),
        ("The tier is not known.", False),
        ("Something went wrong, please try again.", False),
        ("The warranty system could not be asked.", False),
        ("The profile says Gold.", False),
        ("", False),
    ],
)
def test_a_system_that_was_not_asked_is_named(answer: str, told: bool) -> None:
    """By the case's word, or by the desk's own list."""
    declared = turn("x", answer, ended="partial", unavailable=["profile"])
    listed = turn("x", answer, ended="partial", silent=["profile"])
    for each in (declared, listed):
        verdict = Honesty().score(held(each))
        assert verdict.status == ("passed" if told else "failed")


@pytest.mark.parametrize(
    ("system", "clause"),
    [
        ("warranty", "The customer has no warranties."),
        ("warranty", "No active warranty was found."),
        ("warranty", "Warranties: none."),
        ("warranty", "The tablet is not under warranty."),
        ("aurora", "There are no orders."),
        ("aurora", "**Orders** (Aurora): none."),
        ("aurora", "She has not placed any orders."),
        ("catalog", "It has no reviews."),
        ("catalog", "0 reviews."),
        ("profile", "He does not have a profile."),
        ("profile", "She has no support cases."),
    ],
)
def test_silence_is_not_taken_for_nothing(system: str, clause: str) -> None:
    """The system is named as not asked, and the answer says all the same that there is none."""
    answer = f"{clause}\n\n{_called(system)} could not be asked."
    verdict = Honesty().score(held(turn("x", answer, unavailable=[system])))
    assert messages(verdict) == [
        f"{system} could not be asked, and the answer says that there is none"
    ]


def _called(system: str) -> str:
    return {
        "aurora": "Aurora",
        "catalog": "The catalogue",
        "warranty": "The warranty system",
        "profile": "The profile system",
    }[system]


@pytest.mark.parametrize(
    ("system", "clause"),
    [
        ("warranty", "Warranties carry no customer id"),
        ("warranty", "I cannot say whether there are no warranties"),
        ("aurora", "There is no order number in it"),
        ("profile", "There are no reviews"),
        ("aurora", "Orders could not be asked"),
        ("model", "There are no orders"),
    ],
)
def test_other_sentences_do_not_say_that_there_is_none(system: str, clause: str) -> None:
    """What is no word of that system, or is said to be unknown."""
    assert not says_none(system, clause)


def test_a_fault_must_have_happened() -> None:
    """Else the case did not test what it says: an error, not a pass."""
    answer = "The profile system could not be asked."
    asked = turn("x", answer, unavailable=["profile"])
    record = held(asked, faults=[DOWN, TWICE], fired=[DOWN])
    verdict = Honesty().score(record)
    assert verdict.status == "error"
    assert messages(verdict) == ["the fault never happened: server_error of list_orders, calls 1"]
    assert Honesty().score(held(asked, faults=[DOWN], fired=[DOWN])).status == "passed"


def test_a_fault_that_was_recovered_from_needs_no_words() -> None:
    """The answer is whole."""
    record = held(turn("x", "Tier Gold.", call()), faults=[DOWN], fired=[DOWN])
    assert Honesty().score(record).status == "passed"


@pytest.mark.parametrize(
    "answer",
    [
        "The profile system is down.",
        "The profile service could not be reached.",
        "I could not reach the profile system.",
        "The profile system did not answer.",
        "Profiles are currently unavailable.",
        "The profile database timed out.",
    ],
)
def test_an_outage_is_not_made_up(answer: str) -> None:
    """Where every call was answered, or none was made; a failed call of that system excuses it."""
    fine = turn("x", answer, call("profile___get_customer_profile", system="profile"))
    assert Honesty().score(held(fine)).status == "failed"
    assert Honesty().score(held(turn("x", answer))).status == "failed"
    broken = turn("x", answer, call("profile___get_customer_profile", ok=False, system="profile"))
    assert messages(Honesty().score(held(broken))) == []


def test_a_tool_that_asks_every_system_tells_of_each() -> None:
    """By its list of those that it could not ask, or by failing itself."""
    answer = "The profile system could not be reached."
    for each in (
        call("get_customer_360", {"unavailable": ["profile"]}, system="local"),
        call("get_customer_360", ok=False, system="local"),
    ):
        assert messages(Honesty().score(held(turn("x", answer, each)))) == []
    other = call("get_customer_360", {"unavailable": ["warranty"]}, system="local")
    assert Honesty().score(held(turn("x", answer, other))).status == "failed"


@pytest.mark.parametrize(
    "sentence",
    [
        "The Water Bottle is not available.",
        "Delivery dates are not recorded in any system.",
        "I could not read “lately” in this question.",
        "Neither Aurora nor the profile system has the e-mail x@example.com.",
        "The warranty expired.",
        "This product is not in the catalogue.",
        "The phone is down the hall.",
    ],
)
def test_what_is_no_outage_is_not_taken_for_one(sentence: str) -> None:
    """Products sell out, facts are not recorded."""
    assert not any(called_down(system, sentence) for system in NAMES)


def test_without_faults_and_without_claims_nothing_is_judged() -> None:
    """A plain case says nothing about honesty."""
    assert Honesty().score(held(turn("x", "Order 4 is completed."))).status == "not_applicable"


@pytest.mark.parametrize(
    ("system", "text"),
    [
        ("aurora", "in Aurora"),
        ("aurora", "the order database"),
        ("aurora", "our accounts system"),
        ("catalog", "in the catalogue"),
        ("catalog", "the catalog"),
        ("catalog", "the review service"),
        ("warranty", "the warranty system"),
        ("warranty", "warranty records"),
        ("profile", "in the profile"),
        ("profile", "customer profiles"),
        ("billing", "the billing system"),
    ],
)
def test_a_system_is_known_by_its_names(system: str, text: str) -> None:
    """A name that no system has stands for itself."""
    assert names(system, text)
    assert not names(system, "the mail system")
