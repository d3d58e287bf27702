"""The running local stack, started once a session when a test first asks for it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from deploy.local.bedrock import scripted
from deploy.local.bedrock.scripted import ScriptedBedrock
from deploy.local.stack import LocalStack
from deploy.local.state import StateFolder
from tests.network import NO_CERTIFICATES

_MEMORY = Path("/dev/shm")  # noqa: S108  # mkdtemp makes a folder of our own in it
_ROOM_BYTES = 4_000_000_000


@pytest.fixture(scope="session")
def open_folder() -> Iterator[Path]:
    """A folder that the user nobody may enter, as whom PostgreSQL runs when we are root.

    In memory where there is room: most of what a new database costs is its three hundred files.
    """
    roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES
    folder = Path(tempfile.mkdtemp(prefix="deskhand-", dir=_MEMORY if roomy else None))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def running_stack(open_folder: Path) -> Iterator[LocalStack]:
    """The stack itself; a test takes ``local_stack``."""
    with LocalStack(StateFolder(open_folder / "stack")) as stack:
        yield stack


@pytest.fixture
def local_stack(running_stack: LocalStack) -> Iterator[LocalStack]:
    """The stack with all its systems; what a test stopped or scripted is undone after it."""
    yield running_stack
    running_stack.restore()
    model = running_stack.environment["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"]
    httpx.delete(f"{model}/_control", timeout=5, trust_env=False, verify=NO_CERTIFICATES)


@pytest.fixture
async def scripted_bedrock() -> AsyncIterator[ScriptedBedrock]:
    """A model endpoint that does what the test's script says and fails when the script runs out."""
    async with scripted.scripted_bedrock() as bedrock:
        yield bedrock
