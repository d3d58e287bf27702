"""Mutants that leave out what an honest answer adds."""

from __future__ import annotations

import pytest

from tests.evals.mutation.held import changed, held

OUTAGE = (
    "**Orders of CUST001** (Aurora): 1 order.\n\n"
    "The catalogue could not be asked just now: it did not answer."
)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        (
            "**Desk Chair**: stock **25 units** in Aurora, but **30 units** in the catalogue: "
            "the systems differ",
            "**Desk Chair**: stock **25 units** in Aurora",
        ),
        (
            "**CUST004**: 1 difference.\n\n- The e-mail differs: a@x.com in Aurora, b@y.com there.",
            "The systems agree.",
        ),
        ("- order **3**\n- Aurora: $1.00; catalogue: $2.00", "- order **3**"),
    ],
)
def test_of_two_values_only_the_first_is_left(said: str, left: str) -> None:
    """Neither the other value nor that the systems differ is said."""
    assert changed("hidden-difference", held(said)).text == left


def test_an_outage_becomes_nothing_found() -> None:
    """The answer says that there are none, and names no system that was not asked."""
    hidden = changed("outage-as-nothing", held(OUTAGE, outcome="partial", unavailable=["catalog"]))
    assert "could not be asked" not in hidden.text
    assert hidden.text.endswith("There are none.")
    assert (hidden.answer.outcome, hidden.answer.unavailable) == ("answered", [])


def test_an_outage_is_passed_over() -> None:
    """The rest of the answer stands as if it were all."""
    hidden = changed("outage-left-out", held(OUTAGE, outcome="partial", unavailable=["catalog"]))
    assert hidden.text == "**Orders of CUST001** (Aurora): 1 order."
    nothing = held("Aurora is not available.", outcome="unavailable")
    assert changed("outage-left-out", nothing).text == "That is all."


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("- Camera Pro\n\nWarranties carry no customer id: this is tied by name.", "- Camera Pro"),
        (
            "**Warranties** (system, tied by name)\n\n- Camera",
            "**Warranties** (system)\n\n- Camera",
        ),
    ],
)
def test_a_tie_by_name_is_told_as_a_fact(said: str, left: str) -> None:
    """Nothing says that the warranty might be somebody else's."""
    assert changed("by-name-left-out", held(said)).text == left
