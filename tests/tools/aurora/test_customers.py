"""Customers are found by whatever a rep has of them, and it is said how they matched."""

from __future__ import annotations

import pytest

from tests.fixtures_postgres import AskAurora, AuroraCopy

pytestmark = pytest.mark.stack

ADD = (
    "INSERT INTO store.users (customer_id, username, email, first_name, last_name)"
    " VALUES (%s, %s, %s, %s, %s)"
)


def add(aurora: AuroraCopy, *names: tuple[str | None, str | None]) -> None:
    """Customers CUST100, CUST101 … with these first and last names."""
    for number, (first, last) in enumerate(names, start=100):
        aurora.execute(ADD, f"CUST{number}", f"u{number}", f"u{number}@x.org", first, last)


async def found(ask: AskAurora, query: str, limit: int = 5) -> list[tuple[str, str]]:
    """Customer ids and how they matched."""
    result = await ask("find_customers", query=query, limit=limit)
    return [(customer["customer_id"], customer["matched_by"]) for customer in result["customers"]]


@pytest.mark.parametrize(
    ("query", "customer_id", "matched_by"),
    [
        ("CUST003", "CUST003", "customer_id"),
        ("cust-3", "CUST003", "customer_id"),
        ("#3", "CUST003", "customer_id"),
        (" Cust 003 ", "CUST003", "customer_id"),
        ("john_doe", "CUST001", "username"),
        ("@JOHN_DOE", "CUST001", "username"),
        ("Bob.Johnson@Example.COM", "CUST003", "email"),
        ("<bob.johnson@example.com>", "CUST003", "email"),
        ("mailto:bob.johnson@example.com", "CUST003", "email"),
        ("Bob Johnson <bob.johnson@example.com>", "CUST003", "email"),
        ("John Doe", "CUST001", "full_name"),
        ("doe, john", "CUST001", "full_name"),
        ("DOE JOHN", "CUST001", "full_name"),
        ("Mr. John  Doe", "CUST001", "full_name"),
        ("Jöhn Dóe", "CUST001", "full_name"),
        ("alice", "CUST004", "first_name"),
        ("Davis", "CUST005", "last_name"),
        ("Mrs Smith", "CUST002", "last_name"),
        ("Alise Brown", "CUST004", "similar_name"),
        ("Charly Davies", "CUST005", "similar_name"),
        ("Jonh Doe", "CUST001", "similar_name"),
        ("Bob Jonson", "CUST003", "similar_name"),
        ("Jhonson", "CUST003", "similar_name"),
        ("Deo", "CUST001", "similar_name"),
        ("J. Doe", "CUST001", "similar_name"),
        ("Char", "CUST005", "similar_name"),
        ("jon_doe", "CUST001", "similar_name"),
        ("jon.doe@elsewhere.com", "CUST001", "similar_name"),
    ],
)
async def test_a_customer_is_found_in_any_spelling(
    query: str, customer_id: str, matched_by: str, ask_shared: AskAurora
) -> None:
    """The best match comes first and says which field it was."""
    assert (await found(ask_shared, query))[0] == (customer_id, matched_by)


@pytest.mark.parametrize(
    "query",
    [
        "zzz",
        "CUST999",
        "nobody@example.com",
        "+1-555-0101",
        "%",
        "_",
        "' OR 1=1 --",
        "😀",
        "王小明",
    ],
)
async def test_nothing_is_made_up(query: str, ask_shared: AskAurora) -> None:
    """No match is an empty list, not an error."""
    result = await ask_shared("find_customers", query=query)
    assert result == {"customers": [], "total": 0, "truncated": False}


async def test_a_record_is_shown_whole(ask_shared: AskAurora) -> None:
    """The fields of the contract and no other."""
    result = await ask_shared("find_customers", query="CUST001")
    assert result == {
        "customers": [
            {
                "customer_id": "CUST001",
                "username": "john_doe",
                "email": "john.doe@example.com",
                "first_name": "John",
                "last_name": "Doe",
                "created_at": "2022-01-15",
                "matched_by": "customer_id",
            }
        ],
        "total": 1,
        "truncated": False,
    }


async def test_a_close_name_says_how_close(ask_shared: AskAurora) -> None:
    """Only those that are not exact have a similarity."""
    result = await ask_shared("find_customers", query="Alise Brown")
    assert 0.4 < result["customers"][0]["similarity"] < 1


async def test_namesakes_are_all_counted_and_cut_is_said(
    ask_aurora: AskAurora, aurora: AuroraCopy
) -> None:
    """The rep must know that there are more than are shown."""
    add(aurora, *[("John", "Doe")] * 6)
    result = await ask_aurora("find_customers", query="John Doe", limit=3)
    assert [customer["customer_id"] for customer in result["customers"]] == [
        "CUST001",
        "CUST100",
        "CUST101",
    ]
    assert (result["total"], result["truncated"]) == (7, True)


async def test_exact_matches_leave_no_room_for_similar_ones(
    ask_aurora: AskAurora, aurora: AuroraCopy
) -> None:
    """Who is named so is meant, not who is named nearly so."""
    add(aurora, ("Jon", "Doe"), ("John", "Dow"))
    assert await found(ask_aurora, "Jon Doe") == [("CUST100", "full_name")]


@pytest.mark.parametrize(
    ("first", "last", "query"),
    [
        ("José", "García", "jose garcia"),
        ("Jose", "Garcia", "José García"),
        ("Seán", "O’Brien", "Sean O'Brien"),
        ("Sean", "O'Brien", "sean obrien"),
        ("Anna-Lena", "Smith-Jones", "Anna Lena Smith Jones"),
        ("Ana María", "de la Cruz", "ana maria de la cruz"),
        ("Łukasz", "Strauß", "lukasz strauss"),
        ("Иван", "Петров", "ПЕТРОВ ИВАН"),
    ],
)
async def test_accents_apostrophes_and_many_words_are_no_obstacle(
    first: str, last: str, query: str, ask_aurora: AskAurora, aurora: AuroraCopy
) -> None:
    """A keyboard without the letter still finds the name."""
    add(aurora, (first, last))
    assert await found(ask_aurora, query) == [("CUST100", "full_name")]


async def test_names_are_learnt_as_they_come_and_change(
    ask_aurora: AskAurora, aurora: AuroraCopy
) -> None:
    """The dictionary behind misspelt names follows every statement."""
    assert await found(ask_aurora, "Quintessa") == []
    add(aurora, ("Quintessa", None))
    assert await found(ask_aurora, "Quintesa") == [("CUST100", "similar_name")]
    aurora.execute("UPDATE store.users SET first_name = 'Wilhelmina' WHERE customer_id = 'CUST100'")
    assert await found(ask_aurora, "Wilhelmina") == [("CUST100", "first_name")]
    assert await found(ask_aurora, "Quintesa") == []


async def test_a_namesake_by_the_thousand_is_not_counted(
    ask_aurora: AskAurora, aurora: AuroraCopy
) -> None:
    """An exact number beyond a thousand is not worth its price."""
    aurora.execute(
        "INSERT INTO store.users (customer_id, username, email, first_name, last_name)"
        " SELECT 'X' || n, 'x' || n, 'x' || n || '@x.org', 'Max', 'Muster'"
        " FROM generate_series(1, 1200) AS n"
    )
    result = await ask_aurora("find_customers", query="Max Muster")
    assert (len(result["customers"]), result["total"], result["truncated"]) == (5, None, True)


@pytest.mark.parametrize(
    "arguments", [{}, {"query": ""}, {"query": "x" * 201}, {"query": "a", "limit": 21}]
)
async def test_wrong_arguments_are_named(
    arguments: dict[str, object], ask_shared: AskAurora
) -> None:
    """The model reads which argument must change."""
    result = await ask_shared("find_customers", **arguments)
    assert result["error"]["kind"] == "invalid_input"


async def test_control_characters_do_no_harm(ask_shared: AskAurora) -> None:
    """A NUL cannot even be sent to the database."""
    result = await ask_shared("find_customers", query="a\0b")
    assert result["error"]["kind"] == "invalid_input"
