"""Names that mean one person or one product are close, and others are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.likeness import Person, near_person, person, similarity, sound, words
from tools.naming import Named, find_names


@pytest.mark.parametrize(
    ("text", "given", "last"),
    [
        ("Charles Davis", "charles", "davis"),
        ("DAVIS, Charles", "charles", "davis"),
        ("Davis, Mr. Charles Jr.", "charles", "davis"),
        ("Sammy Davis, Jr.", "sammy", "davis"),
        ("Dr. Mary Ann O\u2019Brien", "mary ann", "obrien"),
        ("José  Núñez", "jose", "nunez"),
        ("Smith-Jones", "", "smithjones"),
        ("Cher", "", "cher"),
        ("Dr.", "", "dr"),
        ("田中 太郎", "田中", "太郎"),
        ("...", "", ""),
    ],
)
def test_a_name_is_taken_apart(text: str, given: str, last: str) -> None:
    """Titles, suffixes, accents and the order of a list are no matter."""
    assert person(text) == Person(given=given, last=last)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("davis", "davies"),
        ("davis", "dvais"),
        ("johnson", "jonson"),
        ("smith", "smyth"),
        ("carlson", "karlson"),
        ("phillips", "filips"),
        ("meier", "mayer"),
    ],
)
def test_misspelt_names_sound_alike(one: str, other: str) -> None:
    """They share a partition of the index."""
    assert sound(one) == sound(other)


@given(st.text(max_size=40))
def test_every_word_has_a_sound_and_every_name_parts(text: str) -> None:
    """No text makes a key of a look-up fail."""
    parted = person(text)
    assert len(sound(parted.last)) <= 4
    assert all(words(text)) or words(text) == [""]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Charlie Davis", "Charles Davis"),
        ("Bob Johnson", "Robert Johnson"),
        ("Bob Jonson", "Robert Johnson"),
        ("J. Doe", "John Doe"),
        ("Jane Smyth", "Jane Smith"),
        ("Jon Doe", "John Doe"),
        ("Alice Browne", "Alice Brown"),
        ("Eric Stone", "Erik Stone"),
    ],
)
def test_near_names_are_close(one: str, other: str) -> None:
    """Short forms, initials and slips, in both directions."""
    assert 0 < near_person(person(one), person(other)) < 1
    assert near_person(person(one), person(other)) == near_person(person(other), person(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jane Smith", "John Smith"),
        ("Charlie Davis", "Carl Davis"),
        ("Maria Lopez", "Mario Lopes Garcia"),
        ("Bob Johnson", "Bob Jackson"),
        ("Alice Brown", "Alan Brown"),
    ],
)
def test_other_people_are_not_close(one: str, other: str) -> None:
    """Their data is not this customer's."""
    assert near_person(person(one), person(other)) == 0


@given(st.text(max_size=20), st.text(max_size=20))
def test_similarity_is_symmetric_and_within_bounds(one: str, other: str) -> None:
    """So that it can be compared and sorted by."""
    assert similarity(one, other) == similarity(other, one)
    assert 0 <= similarity(one, other) <= 1


def test_the_closest_name_comes_first() -> None:
    """Both are close, one is closer."""
    named = [Named(1, "desk lamb"), Named(2, "desk lamp")]
    match = find_names("dessk lamp", named)
    assert (match.matched_by, match.keys) == ("similar_name", [2, 1])


def test_words_in_names_suppress_close_spellings() -> None:
    """Who finds what was asked for needs no guesses."""
    named = [Named("a", "lamp"), Named("b", "lamb")]
    assert find_names("lamp", named).keys == ["a"]
