"""Packages: the same contents are the same bytes under the same name."""

from __future__ import annotations

import os
import shutil
import stat
import zipfile
from pathlib import Path

import pytest

from deploy.aws import package as packaging
from deploy.aws.archive import Limits, PackageError, content_hash, write_archive
from deploy.aws.contents import PACKAGES, ROOT, Contents
from deploy.aws.dependencies import wanted_files
from deploy.aws.deploy import read_packages
from deploy.aws.package import Package, build, stack_parameters
from deploy.aws.target import Target
from deploy.aws.templates import STACKS
from tests.deploy.aws.authorities import authorities_in

BY_NAME = {contents.name: contents for contents in PACKAGES}


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
    for folder in ("agent", "tools", "prompts", "deploy/aws", "deploy/seed"):
        shutil.copytree(ROOT / folder, other / folder, copy_function=shutil.copyfile)
    shutil.copyfile(ROOT / "deploy/__init__.py", other / "deploy/__init__.py")
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


def test_the_manifest_names_the_parameters_of_the_stacks(tmp_path: Path) -> None:
    """A deployment passes them on without knowing what is in a package."""
    packages = [Package(name, f"packages/{name}.zip", tmp_path) for name in BY_NAME]
    assert stack_parameters(packages) == {
        "tools": {
            "LambdaPackage": "packages/lambda.zip",
            "CatalogPackage": "packages/catalog.zip",
        },
        "tasks": {"TasksPackage": "packages/tasks.zip"},
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


def test_all_packages_are_made_with_what_a_deployment_passes_on(tmp_path: Path) -> None:
    """A deployment reads the manifest and finds every file, and every stack its parameter."""
    told: list[str] = []
    authorities = authorities_in(tmp_path)
    packaging.build_all(
        tmp_path / "out", authorities=authorities, say=told.append, fetch=some_wheels
    )
    packages = read_packages(tmp_path / "out")
    assert len(told) == len(packages.manifest["packages"]) == len(PACKAGES)
    assert all(
        (packages.folder / name).is_file() for name in packages.manifest["packages"].values()
    )
    target = Target("dev")
    for stack in STACKS:
        given = target.parameters(stack, packages.manifest)
        assert {parameter for parameter, _ in stack.packages} <= given.keys()


def test_an_archive_that_was_interrupted_leaves_the_one_before(tmp_path: Path) -> None:
    """Its name says what it holds, and a manifest may name it: half of it would be uploaded."""
    files = {name: tmp_path / name for name in ("a.py", "b.py")}
    for file in files.values():
        file.write_text("pass\n")
    target, limits = tmp_path / "x.zip", Limits(packed=10_000, unpacked=10_000)
    write_archive(target, files, limits)
    whole = target.read_bytes()
    files["b.py"].unlink()
    files["b.py"].mkdir()
    with pytest.raises(IsADirectoryError):
        write_archive(target, files, limits)
    assert target.read_bytes() == whole
    assert [path.name for path in tmp_path.glob("x.zip*")] == ["x.zip"]
