"""Writes zip files that are the same bytes for the same contents, named by what they hold."""

from __future__ import annotations

import hashlib
import os
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file can say
_PLAIN, _PROGRAM = 0o644, 0o755  # AgentCore Runtime runs a package with the rights it came with
_UNIX = 3
_DIGITS = 16


class PackageError(RuntimeError):
    """A package cannot be made as it must be; the message says why."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a package may be, in bytes."""

    packed: int
    unpacked: int


RUNTIME_LIMITS = Limits(packed=250_000_000, unpacked=750_000_000)
LAMBDA_LIMITS = Limits(packed=50_000_000, unpacked=250_000_000)


def content_hash(files: Mapping[str, Path]) -> str:
    """The hash of names, rights and contents: equal for equal packages, however they are packed."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{_rights(files[name]):o}\0".encode())
        digest.update(hashlib.sha256(files[name].read_bytes()).digest())
    return digest.hexdigest()[:_DIGITS]


def write_archive(target: Path, files: Mapping[str, Path], limits: Limits) -> None:
    """Packs the files in the order of their names, without anything of this machine or this hour.

    The file is there whole or not at all, also when this is interrupted.

    Raises:
        PackageError: it is larger than it may be.
    """
    unpacked = sum(path.stat().st_size for path in files.values())
    if unpacked > limits.unpacked:
        raise PackageError(_too_large(target, "unpacked", unpacked, limits.unpacked))
    unfinished = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        _pack(unfinished, files)
        packed = unfinished.stat().st_size
        if packed > limits.packed:
            raise PackageError(_too_large(target, "packed", packed, limits.packed))
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _pack(target: Path, files: Mapping[str, Path]) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system = _UNIX
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (stat.S_IFREG | _rights(files[name])) << 16
            archive.writestr(entry, files[name].read_bytes())


def _rights(path: Path) -> int:
    return _PROGRAM if path.suffix == ".so" or ".so." in path.name else _PLAIN


def _too_large(target: Path, how: str, size: int, limit: int) -> str:
    return f"{target.name} has {size:,} bytes {how}; AWS takes {limit:,}"
