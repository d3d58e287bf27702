"""A stored turn comes back as it was, and the model's window moves rarely and by whole turns."""

from __future__ import annotations

from agent.stored_turns import (
    KEPT_TURNS,
    MOST_TURNS,
    StoredTurn,
    read_turn,
    turn_item,
    window_start,
)


def turn(number: int, size: int = 10) -> tuple[int, StoredTurn]:
    """A stored turn with messages of about that many characters."""
    messages = (
        {"role": "user", "content": [{"text": f"question {number} é 💶"}]},
        {"role": "assistant", "content": [{"text": "a" * size}]},
    )
    return number, StoredTurn(f"t{number}", "q", "a", "answered", "2026-01-15T00:00:00", messages)  # type: ignore[arg-type]  # plain dicts are messages


def test_a_turn_comes_back_from_its_item_as_it_went_in() -> None:
    """Packing loses nothing, in any script."""
    number, stored = turn(7)
    item = turn_item("c1", number, stored)
    assert item["conversation_id"] == {"S": "c1"}
    assert read_turn(item) == (number, stored)


def test_the_window_stays_where_it_is_while_the_conversation_is_short() -> None:
    """Up to the limit every turn is seen, so that the prompt's beginning never changes."""
    turns = [turn(number) for number in range(1, MOST_TURNS + 1)]
    assert window_start(turns, 1) == 1


def test_the_window_moves_in_one_big_step_when_there_are_too_many_turns() -> None:
    """After the step there is room for many turns before the next one."""
    turns = [turn(number) for number in range(1, MOST_TURNS + 2)]
    assert window_start(turns, 1) == MOST_TURNS + 2 - KEPT_TURNS


def test_large_turns_move_the_window_before_there_are_many() -> None:
    """Size counts as well as number."""
    turns = [turn(number, size=60_000) for number in range(1, 6)]
    assert window_start(turns, 1) == 5


def test_a_turn_that_is_larger_than_the_window_is_left_out() -> None:
    """The next question still has room."""
    assert window_start([turn(1, size=500_000)], 1) == 2


def test_fifty_turns_move_the_window_at_most_twice() -> None:
    """The prompt cache is voided rarely: at most once in ten turns."""
    start, moves = 1, 0
    for last in range(1, 51):
        moved = window_start([turn(number) for number in range(start, last + 1)], start)
        moves += moved != start
        start = moved
    assert moves <= 2
