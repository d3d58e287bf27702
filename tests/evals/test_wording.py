"""Facts are found in an answer as a reader finds them."""

from __future__ import annotations

import pytest

from evals.wording import plain, says


@pytest.mark.parametrize(
    ("answer", "fact"),
    [
        ("The total is **$1,329.98**.", "1329.98"),
        ("It came to 1329.98, two items.", "1,329.98"),
        ("Ordered on Feb 11, 2024.", "2024-02-11"),
        ("Ordered on 11th of February 2024.", "2024-02-11"),
        ("| Bob Johnson | CUST003 |", "bob  johnson"),
        ("stock:25;", "25"),
        ("She wrote “Good, a bit heavy”.", '"Good, a bit heavy"'),
        ("john_doe is the user name", "john_doe"),
        ("ends 2026-12-05.", "2026-12-05"),
        ("ends 2026\u201112\u201105.", "2026-12-05"),
    ],
)
def test_a_fact_is_found_in_any_spelling(answer: str, fact: str) -> None:
    """Markdown, separators, dates and case do not hide a fact."""
    assert says(answer, fact)


@pytest.mark.parametrize(
    ("answer", "fact"),
    [
        ("250 in stock", "25"),
        ("rated 2.25", "25"),
        ("costs 25.99", "25"),
        ("a total of 142.98", "42.98"),
        ("a total of 1,042.98", "42.98"),
        ("CUST0030", "CUST003"),
        ("not verifiedly", "verified"),
        ("on 2024-02-12", "2024-02-11"),
    ],
)
def test_a_part_of_something_else_is_no_fact(answer: str, fact: str) -> None:
    """A number within a number and a word within a word do not count."""
    assert not says(answer, fact)


def test_dates_and_thousands_are_spelled_one_way() -> None:
    """The plain text has ISO dates and no thousands separators, but keeps lists of numbers."""
    assert plain("Sept. 5, 2021: 5,000,000 of 1, 2, 333") == "2021-09-05: 5000000 of 1, 2, 333"
