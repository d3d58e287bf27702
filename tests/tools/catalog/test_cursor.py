"""A cursor leads on in its own list; whatever else is sent as one is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.catalog.cursor import END, MAX_LENGTH, Place, Position, read, write
from tools.contract import ToolFailure

ARGUMENTS = {"product_id": 1, "customer_id": None, "ratings": [1, 5]}
POSITION: st.SearchStrategy[Position] = st.tuples(st.text(max_size=30), st.text(max_size=20))
POSITIONS = st.lists(st.none() | st.just(END) | POSITION, min_size=1, max_size=5).map(tuple)
CURSOR = write(Place((("2024-01-20T09:15:00Z", "REV002"),), 12), ARGUMENTS)


def is_refused(cursor: str, arguments: dict[str, Any], queries: int = 1) -> bool:
    """Whether reading the cursor fails as a wrong argument does."""
    try:
        read(cursor, arguments, queries=queries)
    except ToolFailure as failure:
        return failure.kind == "invalid_input"
    return False


@given(POSITIONS, st.none() | st.integers(0, 10**9))
def test_a_place_survives_being_written_and_read(
    positions: tuple[Position | str | None, ...], total: int | None
) -> None:
    """Whatever positions a list reaches."""
    place = Place(positions, total)
    assert read(write(place, ARGUMENTS), ARGUMENTS, queries=len(positions)) == place


@given(st.data())
def test_one_changed_character_is_noticed(data: st.DataObject) -> None:
    """Also in the last character, where base64 has bits to spare."""
    at = data.draw(st.integers(0, len(CURSOR) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda letter: letter != CURSOR[at]))
    assert is_refused(CURSOR[:at] + other + CURSOR[at + 1 :], ARGUMENTS)


@given(st.text(max_size=MAX_LENGTH))
def test_any_other_text_is_refused(text: str) -> None:
    """Control characters, other scripts and half cursors included."""
    assert is_refused(text, ARGUMENTS)


@pytest.mark.parametrize(
    "arguments", [ARGUMENTS | {"product_id": 2}, ARGUMENTS | {"ratings": [2, 5]}, {}]
)
def test_a_cursor_of_another_list_is_refused(arguments: dict[str, Any]) -> None:
    """It would skip reviews of this one."""
    assert is_refused(CURSOR, arguments)


@pytest.mark.parametrize("cursor", ["", CURSOR[:-4], f"{CURSOR}=", f" {CURSOR}", CURSOR * 2])
def test_cut_and_padded_cursors_are_refused(cursor: str) -> None:
    """As they come out of a careless copy."""
    assert is_refused(cursor, ARGUMENTS)


def test_a_cursor_for_another_number_of_queries_is_refused() -> None:
    """Its positions would belong to the wrong ones."""
    assert is_refused(CURSOR, ARGUMENTS, queries=2)
