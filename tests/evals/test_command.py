"""``./deskhand eval``: a wrong file is said at once, and costs no stack."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from agent.entrypoints.cli import deskhand


def no_stack(*_: object) -> None:
    """A stack that must not be opened."""
    raise AssertionError("a stack was opened")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "there is no such file or folder"),
        ("", "cases.yaml:1: "),
        ("cases: [", "cases.yaml:2: did not find expected node content"),
        ('version: "1"\ncases: []\n', "cases.yaml:2: cases: List should have at least 1 item"),
    ],
)
def test_a_wrong_file_ends_with_exit_code_2(tmp_path: Path, text: str | None, said: str) -> None:
    """The sentence names the file and the line, and no system is started for it."""
    path = tmp_path / "cases.yaml"
    if text is not None:
        path.write_text(text)
    ran = CliRunner().invoke(deskhand, ["eval", str(path)], obj=no_stack)
    assert ran.exit_code == 2
    assert said in ran.stderr
