"""The Dockerfile says the same as the packages, read line by line: no image is built here."""

from __future__ import annotations

import re

import pytest

from deploy.aws.contents import AUTHORITIES, PACKAGES, PYTHON, ROOT, Contents
from deploy.aws.dependencies import AUTHORITIES_URL

FILE = ROOT / "deploy" / "aws" / "Dockerfile"
RUNTIMES = [contents for contents in PACKAGES if contents.start]
PORTS = {"desk": "8080", "catalog": "8000"}  # AgentCore's, for HTTP and for MCP


def stages() -> dict[str, list[str]]:
    """Stage to its instructions."""
    found: dict[str, list[str]] = {}
    for line in FILE.read_text().splitlines():
        if started := re.match(r"FROM .* AS (\w+)$", line):
            found[started[1]] = [line]
        elif line and not line.startswith("#"):
            found[list(found)[-1]].append(line)
    return found


def test_there_is_an_image_for_each_runtime() -> None:
    """On one base, of the packages' Python, for the only machine that AgentCore has."""
    assert list(stages()) == ["python", *(contents.name for contents in RUNTIMES)]
    assert stages()["python"][0] == f"FROM --platform=linux/arm64 python:{PYTHON}-slim AS python"


@pytest.mark.parametrize("contents", RUNTIMES, ids=lambda contents: contents.name)
def test_an_image_holds_what_the_package_holds(contents: Contents) -> None:
    """The same sources at the same paths, the same start, the same locked dependencies."""
    copied = dict(
        (words[1].rstrip("/"), words[2].rstrip("/"))
        for line in stages()[contents.name]
        if (words := line.split())[0] == "COPY"
    )
    assert copied.pop(str(contents.lock)) == "/tmp/requirements.lock"  # noqa: S108 - of the image
    assert copied.pop(str(contents.start)) == "main.py"
    assert copied == {source: source for source in contents.sources}
    assert all((ROOT / source).exists() for source in copied)


@pytest.mark.parametrize("contents", RUNTIMES, ids=lambda contents: contents.name)
def test_an_image_installs_by_hash_and_builds_nothing(contents: Contents) -> None:
    """What was locked, and wheels only."""
    (install,) = [line for line in stages()[contents.name] if line.startswith("RUN")]
    for option in ("--require-hashes", "--no-deps", "--only-binary :all:", "--no-cache-dir"):
        assert option in install


@pytest.mark.parametrize("contents", RUNTIMES, ids=lambda contents: contents.name)
def test_an_image_runs_its_start_as_nobody_in_particular(contents: Contents) -> None:
    """On the port that AgentCore calls, and not as root."""
    instructions = stages()[contents.name]
    assert instructions[0] == f"FROM python AS {contents.name}"
    assert instructions[-3:] == [
        "USER deskhand",
        f"EXPOSE {PORTS[contents.name]}",
        'CMD ["python", "main.py"]',
    ]


def test_the_authorities_lie_where_the_start_looks() -> None:
    """From Amazon's own address, as in the package."""
    added = [line.split()[-2:] for line in stages()["desk"] if line.startswith("ADD")]
    assert added == [[AUTHORITIES_URL, AUTHORITIES]]


def test_no_setting_and_no_secret_is_baked_in() -> None:
    """An image is the same for every environment."""
    text = FILE.read_text()
    assert "DESKHAND_" not in text
    assert "AWS_" not in text
    assert not re.search(r"^ARG", text, re.MULTILINE)


def test_the_builder_is_sent_what_is_copied_and_nothing_else() -> None:
    """Not the repository's history, not a developer's .env."""
    rules = [
        line
        for line in FILE.with_name("Dockerfile.dockerignore").read_text().splitlines()
        if not line.startswith("#")
    ]
    assert rules[0] == "*"
    assert {rule for rule in rules if rule.startswith("!")} == {
        "!agent",
        "!tools",
        "!prompts",
        "!deploy/aws",
    }
    assert "**/.env" in rules
