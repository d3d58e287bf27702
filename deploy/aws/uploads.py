"""Puts packages into the environment's bucket; what is there already is left alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from deploy.aws.failures import DeployError, code_of

_NOT_THERE = {"404", "NoSuchKey", "NotFound"}


@dataclass(frozen=True, slots=True)
class Place:
    """The environment's bucket, and the key that what is in it shall be under.

    A bucket outlives its environment and is taken up again, with packages under the key of then,
    which may be gone.
    """

    bucket: str
    key: str


def upload(
    client: Any,
    place: Place,
    packages: Mapping[str, str],
    folder: Path,
    tell: Callable[[str], None],
) -> list[str]:
    """Uploads what the bucket lacks; a key holds the hash of its contents, so equal keys are equal.

    Args:
        client: of S3.
        place: where to.
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
        if _is_there(client, place, key, file.stat().st_size):
            continue
        tell(f"uploading {name} ({file.stat().st_size / 1_000_000:.1f} MB)")
        with file.open("rb") as body:
            client.put_object(
                Bucket=place.bucket,
                Key=key,
                Body=body,
                ServerSideEncryption="aws:kms",
                SSEKMSKeyId=place.key,
            )
        uploaded.append(key)
    return uploaded


def _is_there(client: Any, place: Place, key: str, size: int) -> bool:
    try:
        told = client.head_object(Bucket=place.bucket, Key=key)
    except ClientError as answer:
        if code_of(answer) in _NOT_THERE:
            return False
        raise
    return (told["ContentLength"], told.get("SSEKMSKeyId")) == (size, place.key)
