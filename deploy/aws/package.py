"""Makes the packages that AWS runs: ``python -m deploy.aws.package``.

It writes one zip file for each package, with the hash of its contents in its name, and
``manifest.json``, which names them and the parameters of the stacks that take them. The same
contents give the same name and the same bytes, so a deployment without a change changes nothing.

After a change of requirements.lock the locks beside this file are made again:

    options="--generate-hashes --no-emit-index-url --no-emit-find-links --no-header"
    target="--no-annotate -q --python-version 3.13 --python-platform aarch64-manylinux_2_28"
    uv pip compile $options $target -c requirements.lock pyproject.toml \
        -o deploy/aws/requirements-desk.lock
    uv pip compile $options $target -c requirements.lock deploy/aws/requirements-catalog.in \
        -o deploy/aws/requirements-catalog.lock
    uv pip compile $options $target -c requirements.lock deploy/aws/requirements-tasks.in \
        -o deploy/aws/requirements-tasks.lock
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.aws.archive import PackageError, content_hash, write_archive
from deploy.aws.contents import AUTHORITIES, PACKAGES, ROOT, Contents
from deploy.aws.dependencies import check_authorities, fetch, fetch_authorities
from deploy.aws.templates import STACKS

MANIFEST = "manifest.json"

Fetch = Callable[[Path, Path], dict[str, Path]]


@dataclass(frozen=True, slots=True)
class Package:
    """A finished package: its name, its key in the bucket, and the file to upload."""

    name: str
    key: str
    file: Path


def build(
    contents: Contents,
    out: Path,
    *,
    root: Path = ROOT,
    fetch: Fetch = fetch,
    authorities: Path | None = None,
) -> Package:
    """Makes one package in the folder ``out``.

    Args:
        contents: what it holds.
        out: where it is written.
        root: the repository.
        fetch: installs a lock file's wheels into a folder and gives path in the package to file.
        authorities: the certificate authorities of RDS, for a package that holds them.

    Raises:
        PackageError: it cannot be made, or it is too large.
    """
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="deskhand-package-") as folder:
        files = fetch(root / contents.lock, Path(folder) / "wheels") if contents.lock else {}
        own = contents.own_files(root)
        if contents.authorities:
            if authorities is None:
                authorities = fetch_authorities(Path(folder) / AUTHORITIES)
            own[AUTHORITIES] = authorities
        if covered := sorted(files.keys() & own.keys()):
            raise PackageError(f"a dependency of {contents.name} brings our own {covered[0]}")
        files |= own
        file = out / f"{contents.name}-{content_hash(files)}.zip"
        write_archive(file, files, contents.limits)
    return Package(contents.name, f"packages/{file.name}", file)


def stack_parameters(packages: Sequence[Package]) -> dict[str, dict[str, str]]:
    """For each stack that takes packages: parameter to key."""
    keys = {package.name: package.key for package in packages}
    return {
        stack.name: {parameter: keys[package] for parameter, package in stack.packages}
        for stack in STACKS
        if stack.packages
    }


def build_all(
    out: Path,
    *,
    authorities: Path | None,
    say: Callable[[str], object],
    fetch: Fetch = fetch,
) -> dict[str, Any]:
    """Makes all packages in the folder ``out``, and the manifest, which it returns.

    Args:
        out: where they are written.
        authorities: the certificate authorities of RDS; downloaded when not given.
        say: hears a line for each package.
        fetch: as for ``build``.

    Raises:
        PackageError: one cannot be made.
        OSError: a file cannot be read, written or downloaded.
    """
    known = check_authorities(authorities) if authorities else None
    packages = []
    for contents in PACKAGES:
        package = build(contents, out, fetch=fetch, authorities=known)
        say(f"{package.key}  {package.file.stat().st_size / 1_000_000:.1f} MB")
        packages.append(package)
    manifest = {
        "packages": {package.key: package.file.name for package in packages},
        "parameters": stack_parameters(packages),
    }
    (out / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return manifest


def main(arguments: Sequence[str]) -> int:
    """Makes all packages; 1 when one cannot be made."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.aws.package", description="Makes AWS's packages."
    )
    parser.add_argument("--out", type=Path, default=ROOT / "build/aws", help="folder to write to")
    parser.add_argument("--authorities", type=Path, help="RDS's global-bundle.pem, not downloaded")
    given = parser.parse_args(arguments)
    try:
        build_all(
            given.out,
            authorities=given.authorities,
            say=lambda line: sys.stderr.write(f"{line}\n"),
        )
    except (PackageError, OSError) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
