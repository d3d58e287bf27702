"""Puts packages into the environment's bucket; what is there already is left alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from deploy.aws.failures import DeployError, code_of

_NOT_THERE = {"404", "NoSuchKey", "NotFound"}


def upload(
    client: Any, bucket: str, packages: Mapping[str, str], folder: Path, tell: Callable[[str], None]
) -> list[str]:
    """Uploads what the bucket lacks; a key holds the hash of its contents, so equal keys are equal.

    Args:
        client: of S3.
        bucket: of the environment.
        packages: key to the file's name.
        folder: where the files are.
        tell: hears of each upload.

    Returns:
        The keys that were uploaded now.

    Raises:
        DeployError: a file is missing.
    """
    uploaded = []
    for key, name in packages.items():
        file = folder / name
        if not file.is_file():
            raise DeployError(
                "package_failed", f"{file} is missing; make the packages again without --packages."
            )
        if _size(client, bucket, key) == file.stat().st_size:
            continue
        tell(f"uploading {name} ({file.stat().st_size / 1_000_000:.1f} MB)")
        with file.open("rb") as body:
            client.put_object(Bucket=bucket, Key=key, Body=body)
        uploaded.append(key)
    return uploaded


def _size(client: Any, bucket: str, key: str) -> int | None:
    try:
        return int(client.head_object(Bucket=bucket, Key=key)["ContentLength"])
    except ClientError as answer:
        if code_of(answer) in _NOT_THERE:
            return None
        raise
