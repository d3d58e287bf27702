"""A case file that cannot be right is refused with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from evals.loader import SuiteError, load_cases

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
        ('rep: "orders of CUST003?"', "rep: [", "cases.yaml:9: expected"),
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


def test_an_id_stands_once_in_all_files(tmp_path: Path) -> None:
    """Two cases of one id would hide one another's result."""
    paths = [written(tmp_path, GOOD), written(tmp_path, GOOD, "again.yaml")]
    with pytest.raises(SuiteError, match="'one-case' is already in"):
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
