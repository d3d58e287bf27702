"""What a rep types for a customer is read in every way it can be meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools import spelling
from tools.aurora.names import read_customer_query

WORD = st.text(st.characters(categories=["L"]), min_size=2, max_size=12).filter(
    lambda word: word.lower() not in {"mr", "mrs", "ms", "miss", "dr", "prof", "sir", "madam"}
)


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("John Doe", [("John", "Doe"), ("Doe", "John")]),
        ("Doe, John", [("John", "Doe")]),
        ("van der Berg, Anna", [("Anna", "van der Berg")]),
        ("Dr. John Doe", [("John", "Doe"), ("Doe", "John")]),
        ("john_doe", [("john", "doe"), ("doe", "john")]),
        ("john.doe42", [("john", "doe"), ("doe", "john")]),
        ("Johnson", []),
        ("Mr", []),
    ],
)
def test_names_are_cut_into_first_and_last(text: str, pairs: list[tuple[str, str]]) -> None:
    """At each possible place, the usual order first."""
    assert read_customer_query(text).names == pairs


def test_an_address_only_suggests_a_name() -> None:
    """An e-mail that nobody has proves no name."""
    query = read_customer_query("jon.doe@example.com")
    assert (query.email, query.names, query.name) == ("jon.doe@example.com", [], "")
    assert query.near[0] == ("jon", "doe")


@given(WORD, WORD)
def test_a_full_name_is_among_the_readings_in_either_order(first: str, last: str) -> None:
    """However a rep writes it."""
    for text in (f"{first} {last}", f"  {first}   {last} ", f"{last}, {first}", f"{last} {first}"):
        assert (first, last) in read_customer_query(text).names


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    """In bounded time and with bounded work for the database."""
    query = read_customer_query(text)
    assert len(query.names) <= 10
    assert len(query.near) <= 4


@given(
    st.integers(1, 10**12),
    st.sampled_from(["CUST{}", "cust-{}", "Cust {}", "#{}", "CUST00{}", "{}"]),
)
def test_every_spelling_of_an_id_is_one_id(number: int, form: str) -> None:
    """Reps leave out zeros and add hyphens."""
    assert (
        spelling.customer_id(form.format(number))
        in read_customer_query(form.format(number)).customer_ids
    )
    assert spelling.customer_id(form.format(number)) == f"CUST{number:03d}"


@given(st.text(max_size=50))
def test_canonical_spellings_stay_what_they_are(text: str) -> None:
    """Spelling a canonical form again changes nothing."""
    for canonical in (spelling.customer_id, spelling.serial_number, spelling.name):
        once = canonical(text)
        assert canonical(once) == once
