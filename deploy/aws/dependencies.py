"""Fetches a package's dependencies as wheels for the machine it will run on, and checks them."""

from __future__ import annotations

import re
import shutil
import ssl
import subprocess
import sys
import urllib.request
from http.client import HTTPException
from pathlib import Path

from deploy.aws.archive import PackageError
from deploy.aws.contents import PYTHON

# psycopg has wheels for no older C library; the machines of AgentCore have a newer one.
UV_PLATFORM = "aarch64-manylinux_2_28"
PIP_PLATFORMS = (  # pip takes a name word for word, and older names are good as well
    "manylinux_2_28_aarch64",
    "manylinux_2_27_aarch64",
    "manylinux_2_17_aarch64",
    "manylinux2014_aarch64",
)
AUTHORITIES_URL = "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem"

# Written by the installer about this machine, or for a command line that a package has none of.
_LEFT_OUT = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json"})
_ARM64 = 183  # e_machine of an ELF file
_VERSION_TAG = re.compile(r"\.cpython-(\d+)")
_FETCH_SECONDS = 900


def fetch(lock: Path, folder: Path, *, seconds: float = _FETCH_SECONDS) -> dict[str, Path]:
    """Installs the wheels that a lock file names, and gives path in the package to file.

    Every download is compared with its hash; nothing is built, so nothing of theirs runs here.

    Raises:
        PackageError: the installer failed, or a wheel is for another machine or another Python.
    """
    try:
        done = subprocess.run(
            command(lock, folder, uv=shutil.which("uv")),
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        said = f"the package index did not send them within {seconds:.0f} seconds"
        raise PackageError(f"the wheels of {lock.name} cannot be had: {said}") from None
    if done.returncode != 0:
        said = done.stderr.strip()[-2000:]
        raise PackageError(f"the wheels of {lock.name} cannot be had:\n{said}")
    files = wanted_files(folder)
    check_machine(files)
    return files


def command(lock: Path, folder: Path, *, uv: str | None) -> list[str]:
    """How to install, with uv where it is there and pip elsewhere."""
    into = ["--target", str(folder), "--python-version", PYTHON, "--only-binary", ":all:"]
    what = ["--require-hashes", "--no-deps", "-r", str(lock)]
    if uv is not None:
        machine = ["--python-platform", UV_PLATFORM, "--link-mode", "copy"]
        return [uv, "pip", "install", *machine, *into, *what]
    machine = ["--implementation", "cp", *(f"--platform={name}" for name in PIP_PLATFORMS)]
    quiet = ["--disable-pip-version-check", "--no-input", "--no-compile", "--progress-bar", "off"]
    return [sys.executable, "-m", "pip", "install", *quiet, *machine, *into, *what]


def wanted_files(folder: Path) -> dict[str, Path]:
    """What of an installation goes into a package: not the installer's notes, not its scripts."""
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.relative_to(folder).parts[0] != "bin"
        and not path.name.startswith(".lock")
        and "__pycache__" not in path.parts
        and not (path.parent.suffix == ".dist-info" and path.name in _LEFT_OUT)
    }


def check_machine(files: dict[str, Path]) -> None:
    """Refuses compiled code that the target cannot load.

    Raises:
        PackageError: naming the file.
    """
    for name, path in files.items():
        with path.open("rb") as opened:
            head = opened.read(20)
        if not head.startswith(b"\x7fELF"):
            continue
        if int.from_bytes(head[18:20], "little") != _ARM64:
            raise PackageError(f"{name} is compiled for another machine than arm64")
        tag = _VERSION_TAG.search(path.name)
        if tag and tag[1] != PYTHON.replace(".", ""):
            raise PackageError(f"{name} is compiled for another Python than {PYTHON}")


def fetch_authorities(target: Path, *, url: str = AUTHORITIES_URL) -> Path:
    """Downloads the certificate authorities that Aurora's certificates come from.

    Raises:
        PackageError: what comes is not whole, or no certificates.
        OSError: nothing comes.
    """
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - https, but for a test
            target.write_bytes(answer.read())
    except HTTPException:
        raise PackageError(f"{url} broke off in the middle; try again") from None
    return check_authorities(target)


def check_authorities(file: Path) -> Path:
    """The file, when it holds certificates.

    Raises:
        PackageError: it does not.
    """
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(cafile=file)
    except (OSError, ValueError):  # ssl.SSLError is an OSError
        raise PackageError(f"{file} holds no certificates of authorities") from None
    return file
