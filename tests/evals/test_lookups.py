"""Templates become look-ups, always the same three hundred, each with facts from the data."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from evals.cases import Case
from evals.documents import read_document
from evals.facts import AnyFact, Fact, RegexFact, SqlFact, StoreFact
from evals.loader import LOOKUPS, SuiteError, load_cases
from evals.templates import Template, TemplateFile

FILE = """\
version: "1"
now: 2026-11-22
seed: base
templates:
  - id: tier-by-email
    family: lookup-profiles
    count: 3
    pick: select email, customer_id from users
    turns:
      - rep: ["Tier of {email}?", "What tier is {email}?"]
        outcome: answered
        say:
          must:
            - {sql: "select tier from customer_profiles where customer_id = {customer_id}"}
            - {regex: "{email}|x{2}"}
"""


@pytest.fixture(scope="module")
def lookups() -> list[Case]:
    """The project's own look-ups."""
    return load_cases([LOOKUPS])


def all_templates() -> list[Template]:
    """Every template of the project."""
    return [
        template
        for path in sorted(LOOKUPS.glob("*.yaml"))
        for template in TemplateFile.model_validate(read_document(path).data).templates
    ]


def expanded(folder: Path, before: str = "", after: str = "") -> list[Case]:
    """What a file of templates becomes, with one of its lines changed."""
    assert before in FILE
    (folder / "lookups.yaml").write_text(FILE.replace(before, after) if before else FILE)
    return load_cases([folder])


def typed_figures(fact: Fact) -> list[str]:
    """Figures that somebody wrote into a fact; in a pattern a zero may stand for nothing."""
    if isinstance(fact, AnyFact):
        return [figure for choice in fact.any for figure in typed_figures(choice)]
    if isinstance(fact, SqlFact | StoreFact):
        return []
    text = fact.regex if isinstance(fact, RegexFact) else str(fact)
    return [figure for figure in re.findall(r"\d+", text.replace(r"\d", "")) if figure != "0"]


def test_a_template_becomes_so_many_cases(tmp_path: Path) -> None:
    """Wordings take turns, values stand in the place of their names, SQL values are quoted."""
    cases = expanded(tmp_path)
    assert [case.id for case in cases] == [f"lookup-tier-by-email-00{n}" for n in (1, 2, 3)]
    assert [case.turns[0].rep.split("@")[0].split(" ")[0] for case in cases] == [
        "Tier",
        "What",
        "Tier",
    ]
    for case in cases:
        sql, regex = case.turns[0].say.must
        assert isinstance(sql, SqlFact)
        assert re.search(r"customer_id = 'CUST00\d'$", sql.sql)
        assert isinstance(regex, RegexFact)
        assert re.search(regex.regex, case.turns[0].rep)
        assert regex.regex.endswith("x{2}")


def test_the_same_rows_are_drawn_every_time(tmp_path: Path) -> None:
    """Two runs ask the same questions."""
    assert expanded(tmp_path) == expanded(tmp_path)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("count: 3", "count: 6", "lookups.yaml:8: tier-by-email: 6 rows are wanted, 5 are there"),
        ("select email, ", "select null as email, ", "lookups.yaml:8: tier-by-email: a picked"),
        ("from users", "from nobody", "lookups.yaml:8: 'select email, customer_id from nobody'"),
        ("{customer_id}", "{customer}", "lookups.yaml:8: {customer} is not among what is picked"),
        ("family: ", "famly: ", "lookups.yaml:5: templates.0.family: Field required"),
        ("outcome: answered", "outcome: perhaps", "lookups.yaml:11: "),
        ("must:", "may:", "lookups.yaml:13: "),
        ("select tier", "select tear", "lookups.yaml:14: case 'lookup-tier-by-email-001'"),
        ("now: 2026-11-22\n", "", "lookups.yaml:1: now: Field required"),
        ("seed: base", "seed: ./nowhere", "lookups.yaml:3: "),
    ],
)
def test_a_wrong_template_is_refused_with_its_place(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    """The message names the file, the line and what is wrong there."""
    with pytest.raises(SuiteError) as refused:
        expanded(tmp_path, before, after)
    assert said in str(refused.value)


def test_a_quote_in_a_name_stays_inside_the_text(tmp_path: Path) -> None:
    """O'Neill is a value like any other."""
    pick = "select 'O''x' as email, 'CUST001' as customer_id"
    changed = FILE.replace("select email, customer_id from users", pick)
    changed = changed.replace("count: 3", "count: 1").replace(
        "customer_id = {customer_id}", "customer_id = {customer_id} and {email} = {email}"
    )
    (tmp_path / "lookups.yaml").write_text(changed)
    (case,) = load_cases([tmp_path])
    fact = case.turns[0].say.must[0]
    assert isinstance(fact, SqlFact)
    assert fact.sql.endswith("'O''x' = 'O''x'")


def test_there_are_three_hundred_over_ten_thousand_customers(lookups: list[Case]) -> None:
    """The number and the data are promised."""
    assert len(lookups) == 300
    assert {case.seed for case in lookups} == {"generated:10000"}
    assert len({case.turns[0].rep for case in lookups}) == 300


def test_every_system_is_looked_up(lookups: list[Case]) -> None:
    """Each has a family of its own, beside differences between them and keys of nobody."""
    families = Counter(case.family for case in lookups)
    assert set(families) == {
        f"lookup-{about}"
        for about in (
            "customers", "orders", "products", "reviews", "warranties", "profiles",
            "differences", "not-found",
        )
    }  # fmt: skip
    assert min(families.values()) >= 20


@pytest.mark.parametrize("template", all_templates(), ids=lambda template: template.id)
def test_a_template_has_wordings_and_no_typed_figure(template: Any) -> None:
    """Figures come from the data, so a template holds on any data; every wording is used."""
    for turn in template.turns:
        assert 3 <= len(turn.rep) <= min(5, template.count + 1)
        assert len(set(turn.rep)) == len(turn.rep)
        for fact in (*turn.say.must, *turn.say.must_not):
            assert typed_figures(fact) == []
