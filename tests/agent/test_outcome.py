"""The outcome line never reaches the rep, however the model's text is cut into pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.outcome import OutcomeFilter


def streamed(pieces: list[str]) -> tuple[str, str | None]:
    """What is shown of the pieces, and the outcome that was cut out."""
    passing = OutcomeFilter()
    shown = "".join(passing.feed(piece) for piece in pieces) + passing.finish()
    return shown, passing.outcome


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
@pytest.mark.parametrize("outcome", ["answered", "clarify", "not_found", "refused"])
def test_the_outcome_line_is_cut_off_whatever_the_size_of_the_pieces(
    size: int, outcome: str
) -> None:
    """Pieces of any size give the same text and the same outcome."""
    text = f"**Bob** has 3 < 5 orders.\n\n| a | b |\n\n<outcome>{outcome}</outcome>\n"
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    assert streamed(pieces) == ("**Bob** has 3 < 5 orders.\n\n| a | b |", outcome)


def test_an_unknown_outcome_is_cut_off_and_counts_as_none() -> None:
    """A word that is no outcome of ours is not shown and not believed."""
    assert streamed(["Done.\n<outcome>delivered</outcome>"]) == ("Done.", None)


def test_an_outcome_line_that_never_ends_is_not_shown() -> None:
    """A stream cut inside the line shows no half of it."""
    assert streamed(["Done.\n<outcome>answ"]) == ("Done.", None)


def test_text_without_an_outcome_line_is_shown_whole() -> None:
    """Angle brackets of other kinds pass."""
    assert streamed(["a <out of> b ", "< c"]) == ("a <out of> b < c", None)


@pytest.mark.parametrize("size", [1, 4, 100])
@pytest.mark.parametrize("quoted", ["<outcome of the call>", "<outcomes>", "<outcome>two words"])
def test_a_quote_that_only_looks_like_the_line_takes_nothing_with_it(
    size: int, quoted: str
) -> None:
    """A note that a customer wrote must not end the answer."""
    text = f"The note says {quoted}.\n\nOrder 5 is shipped.\n<outcome>answered</outcome>"
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    shown = f"The note says {quoted}.\n\nOrder 5 is shipped."
    assert streamed(pieces) == (shown, "answered")


@pytest.mark.parametrize("size", [1, 3, 13, 20, 100])
def test_letters_that_grow_in_small_letters_do_not_show_the_line(size: int) -> None:
    """A capital dotted i is two signs in small letters."""
    text = "İİİ.\n<outcome>answered</outcome>"
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    assert streamed(pieces) == ("İİİ.", "answered")


@given(st.text(alphabet="ab <>/outcme\n", max_size=60), st.integers(1, 9))
def test_nothing_but_the_outcome_line_and_trailing_blanks_is_lost(text: str, size: int) -> None:
    """Any text without the tag is shown unchanged."""
    if "<outcome" in text:
        text = text.replace("<outcome", "")
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    shown, outcome = streamed(pieces)
    assert outcome is None
    assert shown == text.rstrip() or "<outcome" in text
