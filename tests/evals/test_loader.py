"""A case file that cannot be right is refused with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.seed.records import SAMPLE_FOLDER
from evals.loader import SuiteError, load_cases
from evals.oracle import open_oracle

GOOD = """\
version: "1"
now: 2026-11-22
cases:
  - id: one-case
    family: orders
    turns:
      - rep: "orders of CUST003?"
        outcome: answered
        say:
          must: ["299.99", 25, {regex: shipped}]
"""


def written(folder: Path, text: str, name: str = "cases.yaml") -> Path:
    """A case file with this text."""
    path = folder / name
    path.write_text(text)
    return path


def refusal(folder: Path, text: str) -> str:
    """What the loader says of the text, without the folder."""
    path = written(folder, text)
    with pytest.raises(SuiteError) as refused:
        load_cases([path])
    return str(refused.value).replace(str(folder) + "/", "")


def test_values_mean_the_characters_that_stand_there(tmp_path: Path) -> None:
    """An amount or a number in a case is compared as text, and the clock is shared."""
    (case,) = load_cases([written(tmp_path, GOOD)])
    assert case.now.isoformat() == "2026-11-22"
    assert case.turns[0].say.must[:2] == ["299.99", "25"]


def test_a_folder_is_read_with_all_that_is_below(tmp_path: Path) -> None:
    """Case files are found in a folder, in order."""
    (tmp_path / "deep").mkdir()
    written(tmp_path, GOOD)
    written(tmp_path / "deep", GOOD.replace("one-case", "another-case"))
    assert [case.id for case in load_cases([tmp_path])] == ["one-case", "another-case"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("outcome: answered", "outcome: maybe", "cases.yaml:8: "),
        ("family: orders", "famly: orders", "cases.yaml:4: cases.0.family: Field required"),
        ("rep: ", "repp: ", "cases.yaml:7: "),
        ("{regex: shipped}", '{regex: "x*"}', "matches the empty text"),
        ("{regex: shipped}", '{regex: "("}', "not a regular expression"),
        (
            "{regex: shipped}",
            "{regexp: shipped}",
            "cases.yaml:10: cases.0.turns.0.say.must.2: a fact",
        ),
        ("{regex: shipped}", "{sql: select 1 where 0}", "finds no value"),
        ("{regex: shipped}", "{sql: select x from nowhere}", "no such table"),
        ('say:\n          must: ["299.99", 25, {regex: shipped}]', "say: {}", "expects nothing"),
        ("outcome: answered", "outcome: []", "cases.yaml:8: "),
        (
            "family: orders",
            "family: orders\n    family: x",
            "cases.yaml:6: the key 'family'",
        ),
        ('version: "1"', 'version: "2"', "cases.yaml:1: version"),
        ("now: 2026-11-22", "now: soon", "cases.yaml:"),
        ('rep: "orders of CUST003?"', "rep: [", "cases.yaml:9: did not find expected"),
        ("id: one-case", "id: One Case", "cases.yaml:4: cases.0.id"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    """The message names the file, the line and what is wrong there."""
    assert before in GOOD
    refused = refusal(tmp_path, GOOD.replace(before, after))
    assert said in refused
    assert refused.startswith("cases.yaml:")


LONG = """\
version: "1"
now: 2026-11-22
cases:
  - id: long-case
    family: orders
    subjects: [CUST003]
    overlay:
      reviews:
        - {review_id: REV900, product_id: 1, customer_id: CUST003, rating: 2}
    faults:
      - {tool: get_order, kind: timeout, calls: [2]}
    grounding: {off: the answer works it out}
    injection: {calls: [query_database, {tool: "profile___*", args: {customer_id: "!CUST003"}}]}
    turns:
      - rep: "order 3?"
        outcome: answered
        tools:
          must: [{any: [{tool: get_order, args: {order_id: 3}}, {tool: list_orders}]}]
          may: ["list_*"]
          forbid: [query_database, {tool: "get_*", args: {customer_id: CUST001}}]
        say:
          must: [{any: [{store: orders, where: {id: 3}, field: status}, {sql: select 3}]}]
"""


def test_a_case_that_is_sound_throughout_is_read(tmp_path: Path) -> None:
    """Overlay, faults, injection, wildcards and computed facts at once."""
    (case,) = load_cases([written(tmp_path, LONG)])
    assert case.overlay["reviews"][0]["review_id"] == "REV900"
    assert case.faults[0].calls == [2]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "tool: get_order, kind",
            "tool: get_ordr, kind",
            ":11: case 'long-case': there is no tool",
        ),
        ("{tool: get_order, args", "{tool: get_ordr, args", ":18: case 'long-case': there is no"),
        ("{tool: get_ord", "{tool: get_o", "'get_order' is meant?"),
        ("order_id: 3", "order: 3", ":18: case 'long-case': get_order takes no argument 'order'"),
        ('["list_*"]', '["lists_*"]', ":19: case 'long-case': no tool has a name like 'lists_*'"),
        ("forbid: [query_database", "forbid: [query_db", ":20: case 'long-case': there is no tool"),
        ("{customer_id: CUST001}", "{client: CUST001}", ":20: case 'long-case': get_* takes no"),
        ("calls: [query_database", "calls: [query_db", ":13: case 'long-case': there is no tool"),
        ('"!CUST003"', '"!CUST003", name: x', ":13: case 'long-case': profile___* takes no"),
        (
            "{off: the answer works it out}",
            '{off: " "}',
            ":12: cases.0.grounding: Value error, say",
        ),
        ("subjects: [CUST003]", "subjects: [CUST003, CUST77]", ":6: case 'long-case': there is no"),
        ("REV900", "REV001", ":9: case 'long-case': review_id 'REV001' is not free: a record of"),
        ("review_id: REV900, ", "", ":9: case 'long-case': the row has no review_id"),
        ("rating: 2", "ratting: 2", ":9: case 'long-case': reviews have no field 'ratting'"),
        ("calls: [2]", "calls: [0]", ":11: cases.0.faults.0.calls.0: "),
        ("{id: 3}", "{id: 333}", ":22: case 'long-case': "),
        ("field: status", "field: state", ":22: case 'long-case': "),
    ],
)
def test_what_is_not_there_is_refused_with_its_place(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    """Tools, arguments, customers, keys and rows that a case names must exist."""
    assert before in LONG
    assert said in refusal(tmp_path, LONG.replace(before, after))


def test_two_rows_of_a_case_cannot_have_one_key(tmp_path: Path) -> None:
    """The second would take the place of the first."""
    row = "        - {review_id: REV900, product_id: 1, customer_id: CUST003, rating: 2}\n"
    refused = refusal(tmp_path, LONG.replace(row, row + row))
    assert ":10: case 'long-case': review_id 'REV900' is not free: another row" in refused


def test_a_turn_whose_facts_are_all_empty_checks_nothing(tmp_path: Path) -> None:
    """A fact that may be empty and is, cannot be missing from an answer."""
    nothing = "must_not: [{sql: select 1 where 0, empty: true}]"
    refused = refusal(tmp_path, GOOD.replace('must: ["299.99", 25, {regex: shipped}]', nothing))
    assert refused == (
        "cases.yaml:9: case 'one-case': no fact of the turn finds a value, so it checks nothing"
    )


def test_facts_of_a_difference_are_computed_too(tmp_path: Path) -> None:
    """A value of a difference that is not there is found before the run."""
    difference = "differences: [{values: [{sql: select 1 where 0}, x], systems: [aurora, profile]}]"
    refused = refusal(tmp_path, GOOD.replace("        say:", f"        {difference}\n        say:"))
    assert refused.startswith("cases.yaml:9: case 'one-case': 'select 1 where 0' finds no value")


@pytest.mark.parametrize("text", ["- [\n", "? [a]\n: b\n", "&a [*a]\n", "a: *b\n", "\ta: b\n", ""])
def test_yaml_that_is_no_file_of_cases_is_refused(tmp_path: Path, text: str) -> None:
    """Whatever it is, the message is one sentence with the file."""
    assert refusal(tmp_path, text).startswith("cases.yaml:")


def test_a_folder_of_data_is_found_from_where_the_file_lies(tmp_path: Path) -> None:
    """The seed ``./data`` lies beside the file; a case of its own data sees no other."""
    data = tmp_path / "data"
    data.mkdir()
    for source in SAMPLE_FOLDER.glob("*.json"):
        text = source.read_text(encoding="utf-8").replace("299.99", "311.11")
        (data / source.name).write_text(text, encoding="utf-8")
    text = GOOD.replace("now: 2026-11-22", "now: 2026-11-22\nseed: ./data")
    text = text.replace("{regex: shipped}", "{sql: select total_amount from orders where id = 3}")
    (case,) = load_cases([written(tmp_path, text)])
    assert case.seed == str(data)
    assert open_oracle(case).facts(case.turns[0].say.must[2]) == ["311.11"]  # type: ignore[arg-type]
    refused = refusal(tmp_path, text.replace("./data", "./date"))
    assert refused.startswith("cases.yaml:3: date/")


def test_an_id_stands_once_in_all_files(tmp_path: Path) -> None:
    """Two cases of one id would hide one another's result."""
    paths = [written(tmp_path, GOOD), written(tmp_path, GOOD, "again.yaml")]
    with pytest.raises(
        SuiteError, match=r"again\.yaml:4: the case 'one-case' is already in .*cases\.yaml:4"
    ):
        load_cases(paths)


def test_no_case_at_all_is_an_error(tmp_path: Path) -> None:
    """An empty run would look like a success."""
    with pytest.raises(SuiteError, match="no case"):
        load_cases([tmp_path])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A misspelt path is said, not skipped."""
    with pytest.raises(SuiteError, match="no such file"):
        load_cases([tmp_path / "smok.yaml"])


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """A picture by mistake is said in a sentence."""
    (tmp_path / "cases.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SuiteError, match="cannot be read as text"):
        load_cases([tmp_path])


def test_the_project_has_its_own_conversations() -> None:
    """Without a path the project's conversations are meant: every family, and several turns."""
    cases = load_cases()
    assert len(cases) >= 40
    assert len({case.family for case in cases}) >= 15
    assert sum(len(case.turns) > 1 for case in cases) >= 10
