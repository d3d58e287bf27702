"""Every spelling of an id, e-mail, phone, serial or name becomes one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deploy.seed import sample_records
from tools import spelling

SEPARATORS = st.sampled_from(["", " ", "-", "_", ".", "#", ": ", "\u2003"])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("CUST003", "CUST003"),
        ("cust003", "CUST003"),
        ("Cust 3", "CUST003"),
        ("cust-0003", "CUST003"),
        ("#CUST003", "CUST003"),
        ("CUST:3", "CUST003"),
        ("3", "CUST003"),
        ("  cust003\n", "CUST003"),
        ("ＣＵＳＴ００３", "CUST003"),
        ("CUST1000", "CUST1000"),
        ("CUST0001000", "CUST1000"),
        ("0", "CUST000"),
    ],
)
def test_a_customer_id_has_one_spelling(written: str, meant: str) -> None:
    """Case, separators, leading zeros and a missing prefix do not matter."""
    assert spelling.customer_id(written) == meant


@pytest.mark.parametrize("written", ["ACME-7", "CUSTOMER", "CUST", "X3", "", "12345678901234567"])
def test_another_form_of_id_is_not_bent_into_ours(written: str) -> None:
    """It is upper-cased and finds nothing, or what really has that id."""
    assert not spelling.customer_id(written).startswith("CUST0")


@pytest.mark.parametrize("written", ["REV002", "rev 2", "Rev-002", "2", "rev#2"])
def test_a_review_id_has_one_spelling(written: str) -> None:
    """The same rules as for customers."""
    assert spelling.review_id(written) == "REV002"


@pytest.mark.parametrize(
    "written",
    [
        "LAPTOP001A1B2C",
        "laptop001a1b2c",
        "LAPTOP-001-A1B2C",
        " laptop 001 a1b2c ",
        "Laptop/001.A1B2C",
    ],
)
def test_a_serial_number_has_one_spelling(written: str) -> None:
    """Case and separators do not matter; letters and digits all do."""
    assert spelling.serial_number(written) == "LAPTOP001A1B2C"


@pytest.mark.parametrize(
    "written",
    [
        "alice.brown@example.com",
        "Alice.Brown@Example.COM",
        " <alice.brown@example.com> ",
        "mailto:alice.brown@example.com",
        "MAILTO:Alice.Brown@example.com",
        "<mailto:alice.brown@example.com>",
        "alice.brown＠example.com",
    ],
)
def test_an_address_has_one_spelling(written: str) -> None:
    """As it is typed, pasted from a message or from a link."""
    assert spelling.email(written) == "alice.brown@example.com"


@pytest.mark.parametrize(
    "written",
    [
        "+1-555-0101",
        "1-555-0101",
        "555-0101",
        "555 0101",
        "5550101",
        "+1 (555) 0101",
        "001 555 0101",
        "555.0101",
        "tel: 555-0101",
        "５５５-０１０１",
        "٥٥٥٠١٠١",
    ],
)
def test_a_phone_number_has_one_spelling(written: str) -> None:
    """With and without country code, in any grouping and any digits."""
    assert spelling.phone(written) == "5550101"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("+1 415 555 0199", "4155550199"),
        ("(415) 555-0199", "4155550199"),
        ("+44 20 7946 0958", "442079460958"),
        ("0044 20 7946 0958", "442079460958"),
        ("no number", ""),
    ],
)
def test_longer_numbers_keep_all_that_tells_them_apart(written: str, key: str) -> None:
    """Ten digits of North America, a country code of elsewhere."""
    assert spelling.phone(written) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("José García", "jose garcia"),
        ("O’Brien", "O'Brien"),
        ("Sean O`Neill", "Sean O´Neill"),
        ("  Ana   María ", "Ana Maria"),
        ("Łukasz Øvergård", "Lukasz Overgard"),
        ("Þóra Ðorđević", "Thora Dordevic"),
        ("Weiß", "WEISS"),
        ("Cæsar Œuvre", "Caesar Oeuvre"),
        ("Jo\u200bhn Doe", "John Doe"),
        ("Zoe\u0308", "Zoë"),
        ("Ｊｏｈｎ", "John"),
    ],
)
def test_names_are_equal_whatever_their_accents(one: str, other: str) -> None:
    """Case, accents, apostrophes, blanks and invisible signs do not matter."""
    assert spelling.name(one) == spelling.name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Charles Davis", "Charlie Davis"),
        ("O'Brien", "OBrien"),
        ("李 伟", "李 明"),
        ("Ольга", "Олга"),
    ],
)
def test_other_names_stay_other_names(one: str, other: str) -> None:
    """A close name is not the same name."""
    assert spelling.name(one) != spelling.name(other)


@settings(deadline=None)
@given(st.integers(0, 10**12), SEPARATORS, st.integers(0, 3), st.booleans())
def test_any_way_to_write_a_customer_number_is_one_id(
    number: int, separator: str, zeros: int, is_lower: bool
) -> None:
    """Whatever stands between prefix and number."""
    prefix = "cust" if is_lower else "CUST"
    assert spelling.customer_id(f"{prefix}{separator}{'0' * zeros}{number}") == f"CUST{number:03d}"


@settings(deadline=None)
@given(st.text())
def test_a_canonical_spelling_is_its_own(text: str) -> None:
    """Applied to what it has made, each function changes nothing."""
    for canonical in (
        spelling.customer_id,
        spelling.review_id,
        spelling.serial_number,
        spelling.email,
        spelling.name,
    ):
        assert canonical(canonical(text)) == canonical(text)


@settings(deadline=None)
@given(st.text())
def test_a_phone_key_is_ascii_digits(text: str) -> None:
    """Any text gives digits that a table can hold, or nothing."""
    key = spelling.phone(text)
    assert key == "" or (key.isascii() and key.isdigit())


def test_the_sample_data_keeps_its_keys_apart() -> None:
    """No two customers share an address, a phone or a name key."""
    profiles = sample_records().customer_profiles
    for key, field in ((spelling.email, "email"), (spelling.phone, "phone")):
        assert len({key(profile[field]) for profile in profiles}) == 5
