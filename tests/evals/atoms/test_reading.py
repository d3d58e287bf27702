"""A text is read into its figures, days, ids and addresses, each once and in its own kind."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.atoms import atoms, numbers_in
from evals.atoms.addresses import phone_key
from evals.atoms.atom import same_length
from evals.atoms.ids import id_key, numbered
from evals.atoms.periods import ends_of_periods


def read(text: str) -> list[tuple[str, str]]:
    """Kind and value of every atom."""
    return [(atom.kind, str(atom.value)) for atom in atoms(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**$1,329.98**", [("number", "1329.98")]),
        ("1.329,98 €", [("number", "1329.98")]),
        ("12,50 €", [("number", "12.50")]),
        ("order #4711.", [("number", "4711")]),
        ("0102 and 02139", [("digits", "0102"), ("digits", "02139")]),
        ("25 %", [("number", "25")]),
        ("4.50 of 5 from 2 reviews", [("number", "4.50"), ("number", "2")]),
        ("4 out of 5 stars", [("number", "4")]),
        ("4/5", [("number", "4")]),
        ("2 of 5 orders", [("number", "2"), ("number", "5")]),
        ("3 out of 5 pending orders", [("number", "3"), ("number", "5")]),
        ("reviews with 1 to 3 stars", []),
        ("on a scale from 1 to 5", []),
        ("open 24/7", []),
        ("the last four digits", []),
        ("★★★★☆", [("number", "4")]),
        ("1. first\n2) second", []),
        ("> 3. quoted", []),
        ("2.5 kg", [("number", "2.5")]),
        ("15-inch display, 16GB, $5k", [("number", "15"), ("number", "16"), ("number", "5000")]),
        ("the 2nd order", [("ordinal", "2")]),
        ("three orders", [("number", "3")]),
        ("two pending orders", [("number", "2")]),
        ("twenty-one days, two hundred products", [("number", "21"), ("number", "200")]),
        ("a dozen reviews", [("number", "12")]),
        ("one open order", [("number", "1")]),
        ("the address of one customer", []),
        ("one of them", []),
        ("no one orders", []),
        ("２５ units", [("number", "25")]),
    ],
)
def test_figures_are_read_as_what_they_say(text: str, expected: list[tuple[str, str]]) -> None:
    """Money, counts, sizes and ratings; what says nothing about data is left out."""
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-02-11", [("date", "2024-02-11")]),
        ("2024\u201102\u201111", [("date", "2024-02-11")]),
        ("2024/2/11", [("date", "2024-02-11")]),
        ("2024-02-11T09:45:00Z", [("date", "2024-02-11"), ("time", "09:45")]),
        ("2024-02-11 at 9:45 pm", [("date", "2024-02-11"), ("time", "21:45")]),
        ("Aug 15, 2025", [("date", "2025-08-15")]),
        ("Aug. 15 2025", [("date", "2025-08-15")]),
        ("15 Aug 2025", [("date", "2025-08-15")]),
        ("the 15th of August 2025", [("date", "2025-08-15")]),
        ("15-Aug-2025", [("date", "2025-08-15")]),
        ("1/15/2024", [("date", "2024-01-15")]),
        ("15/1/2024", [("date", "2024-01-15")]),
        ("1/15/24", [("date", "2024-01-15")]),
        ("15.01.2024", [("date", "2024-01-15")]),
        ("2024-13-45", [("date", "2024-13-45")]),
        ("February 2024", [("month", "2024-02")]),
        ("2024-02", [("month", "2024-02")]),
        ("Sept of 2024", [("month", "2024-09")]),
        ("on February 11 it", [("day", "02-11")]),
        ("on 11 February it", [("day", "02-11")]),
        ("you may 5 times", [("number", "5")]),
    ],
)
def test_days_are_read_in_every_spelling(text: str, expected: list[tuple[str, str]]) -> None:
    """A day that no calendar has stays a day, which no source will hold."""
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jane.Smith@Example.com.", [("email", "jane.smith@example.com")]),
        ("d'arcy2@mail.example.co.uk", [("email", "d'arcy2@mail.example.co.uk")]),
        ("see https://a.example/x?y=1.", [("link", "https://a.example/x?y=1")]),
        ("www.shop.example", [("link", "www.shop.example")]),
        ("+1-555-0101", [("phone", "5550101")]),
        ("555-0101", [("phone", "5550101")]),
        ("(555) 010-1234", [("phone", "5550101234")]),
        ("+1 (555) 010-1234", [("phone", "5550101234")]),
        ("555.010.1234", [("phone", "5550101234")]),
        ("+44 20 7946 0958", [("phone", "2079460958")]),
        ("CUST001", [("id", "CUST001")]),
        ("cust-001", [("id", "CUST001")]),
        ("laptop001-a1b2c", [("id", "LAPTOP001A1B2C")]),
        ("Smartphone X12", [("id", "X12")]),
        ("CUST001's", [("id", "CUST001")]),
        ("USB-C", []),
    ],
)
def test_addresses_and_ids_are_read(text: str, expected: list[tuple[str, str]]) -> None:
    """E-mails, links, phones by their last ten digits, ids in capitals."""
    assert read(text) == expected


def test_an_atom_knows_where_it_stands() -> None:
    """A report marks the very part of the answer."""
    text = "It is **“$1,329.98”** since 11\u00a0Feb 2024, for three\norders."
    for atom in atoms(text):
        assert text[atom.start : atom.end] == atom.text
    assert [atom.text for atom in atoms(text)] == ["1,329.98", "11\u00a0Feb 2024", "three"]
    assert [atom.unit for atom in atoms(text)] == ["", "", "orders"]


def test_numbers_are_equal_whatever_their_zeros() -> None:
    """Counting words are numbers as well."""
    assert numbers_in("2.50 and three orders on 2024-01-02") == {Decimal("2.5"), Decimal(3)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in 2024", {"2024-01-01", "2024-12-31"}),
        ("February 2024", {"2024-02-01", "2024-02-29"}),
        ("Q3 2024", {"2024-01-01", "2024-12-31", "2024-07-01", "2024-09-30"}),
        ("order 20245", set()),
    ],
)
def test_a_period_has_a_first_and_a_last_day(text: str, expected: set[str]) -> None:
    """What an answer says of the bounds of a year, a quarter or a month."""
    assert set(ends_of_periods(text)) == expected


def test_ids_have_one_spelling() -> None:
    """Capitals without signs; a numbered one falls into letters and number."""
    assert id_key("rev-0 02") == "REV002"
    assert numbered("CUST0042") == ("CUST", "42")
    assert numbered("LAPTOP001A1B2C") is None


def test_phones_have_one_spelling() -> None:
    """The country code does not matter."""
    spellings = ["+1-555-0101", "555 0101", "1 555 0101", "001 555 0101"]
    assert {phone_key(spelling) for spelling in spellings} == {"5550101"}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    """Atoms lie one behind the other and are parts of the text; signs keep their places."""
    found = atoms(text)
    assert len(same_length(text)) == len(text)
    assert all(text[atom.start : atom.end] == atom.text != "" for atom in found)
    assert all(one.end <= other.start for one, other in zip(found, found[1:], strict=False))


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_one_day_is_one_atom_in_every_spelling(day: date) -> None:
    """No spelling of a day leaves a number behind."""
    spellings = [
        day.isoformat(),
        f"{day:%B} {day.day}, {day.year}",
        f"{day.day} {day:%b} {day.year}",
        f"{day.month}/{day.day}/{day.year}",
        f"{day.day}th of {day:%B}, {day.year}",
    ]
    for spelling in spellings:
        assert read(f"until {spelling}.") == [("date", day.isoformat())]


@settings(max_examples=60, deadline=None)
@given(st.decimals(0, 10**9, places=2, allow_nan=False))
def test_money_is_one_number_with_and_without_separators(amount: Decimal) -> None:
    """The digits do not depend on how they are grouped."""
    for spelling in (f"${amount:,.2f}", f"{amount:.2f}", f"**{amount:,.2f}** dollars"):
        assert numbers_in(spelling) == {amount}


@settings(max_examples=60, deadline=None)
@given(st.from_regex(r"[A-Z]{2,8}[0-9]{2,4}[A-Z][0-9][A-Z]", fullmatch=True))
def test_a_serial_number_is_one_id(serial: str) -> None:
    """In capitals or not."""
    assert read(f"serial {serial.lower()}, active") == [("id", serial)]
