"""The documents tell the truth: commands, options, settings, links."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from agent.entrypoints.cli import deskhand
from agent.settings import READ_ELSEWHERE, Settings, variable_names
from evals import load_cases
from tests.project.sources import PRODUCT, ROOT, named, python_files

DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
COMMAND = re.compile(r"(?:^|[`(\s|])\./deskhand(?P<rest>[^`\n]*)", re.MULTILINE)
LINK = re.compile(r"\[[^\]]+\]\((?P<target>[^)\s]+)\)")
HEADING = re.compile(r"^#+ (?P<words>.+)$", re.MULTILINE)
SETTING_ROW = re.compile(
    r"^\| `(?P<name>[A-Z_0-9]+)` \|(?P<default>[^|]*)\|(?P<says>[^|]+)\|$", re.MULTILINE
)
VARIABLE = re.compile(r"DESKHAND_[A-Z_]*[A-Z]")
README = ROOT / "README.md"


def written_commands(path: Path) -> list[str]:
    """Every ``./deskhand …`` of the document, without what a shell adds around it."""
    found = COMMAND.finditer(path.read_text(encoding="utf-8"))
    return sorted({re.split(r"\s[|>#&…]|\\$| 2>", match["rest"])[0].strip() for match in found})


DOCUMENTED = [
    pytest.param(line, id=f"{path.name}: {line}")
    for path in DOCUMENTS
    if path.is_file()
    for line in written_commands(path)
]


def leaf(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that the words name, and what is left for it."""
    command: click.Command = deskhand
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        assert words[0] in command.commands, f"there is no command {words[0]!r}"
        command, words = command.commands[words[0]], words[1:]
    return command, words


@pytest.mark.parametrize("line", DOCUMENTED)
def test_every_written_command_is_a_command_with_these_options(line: str) -> None:
    """What a document tells to type is understood by the command line."""
    command, words = leaf([word.strip("[]") for word in shlex.split(line)])
    passes_on = command.context_settings.get("ignore_unknown_options", False)
    known = {option for parameter in command.params for option in parameter.opts} | {"--help", "-h"}
    used = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}
    assert passes_on or used <= known


@pytest.mark.parametrize("name", sorted(deskhand.commands))
def test_every_command_is_documented_and_helps(name: str) -> None:
    """Each command stands in the README, and its help has an example that starts as typed."""
    assert f"`./deskhand {name}" in README.read_text(encoding="utf-8")
    helped = CliRunner().invoke(deskhand, [name, "--help"])
    assert helped.exit_code == 0
    assert f"./deskhand {name}" in helped.output


def setting_rows() -> dict[str, tuple[str, str]]:
    """The README's table of settings: variable to default and words."""
    found = SETTING_ROW.finditer(README.read_text(encoding="utf-8"))
    return {row["name"]: (row["default"].strip().strip("`"), row["says"].strip()) for row in found}


def variables_in_code() -> set[str]:
    """Every variable of ours that any source names."""
    sources = [ROOT / "deskhand", *python_files(*PRODUCT)]
    return {name for path in sources for name in VARIABLE.findall(path.read_text(encoding="utf-8"))}


def test_every_setting_is_in_the_table_and_the_reverse() -> None:
    """No setting is secret, and none is promised that nobody reads."""
    assert set(setting_rows()) == set(variable_names().values()) | variables_in_code()


def test_the_settings_know_which_variables_others_read() -> None:
    """A variable of another part is not taken for a misspelt setting."""
    assert variables_in_code() - set(variable_names().values()) == READ_ELSEWHERE


@pytest.mark.parametrize("field", sorted(Settings.model_fields))
def test_the_table_gives_the_default_and_the_words_of_a_setting(field: str) -> None:
    """The table is the settings' own description, word for word."""
    default, says = setting_rows()[variable_names()[field]]
    known: Any = Settings.model_fields[field]
    assert says == known.description
    assert default == ("" if known.default in (None, "") else str(known.default))


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_every_link_leads_somewhere(path: Path) -> None:
    """A link to a file of ours, or to a heading in it, is not broken."""
    broken = []
    for match in LINK.finditer(path.read_text(encoding="utf-8")):
        target, _, anchor = match["target"].partition("#")
        if target.startswith(("https://", "http://")):
            continue
        file = (path.parent / target) if target else path
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(match["target"])
    assert broken == []


def anchors(path: Path) -> set[str]:
    """The anchors that a document's headings make."""
    headings = (match["words"] for match in HEADING.finditer(path.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", words).strip().lower().replace(" ", "-") for words in headings}


def test_the_changelog_begins_with_what_is_being_made() -> None:
    """The newest part of the changelog is the version of the project, or what comes after it."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (.+)$", text, re.MULTILINE)
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert newest
    assert version
    assert newest[1] == "Unreleased" or newest[1].startswith(version[1])


def test_the_readme_counts_the_conversations_right() -> None:
    """It gives a round number, and there are at least so many and not many more."""
    counted = re.search(r"More than (\d+) conversations", README.read_text(encoding="utf-8"))
    assert counted
    assert 0 < len(load_cases()) - int(counted[1]) <= 50


def test_the_license_is_the_one_that_is_named() -> None:
    """The full text lies beside the project that names it."""
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
