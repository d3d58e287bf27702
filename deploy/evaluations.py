"""A local stack of their own for evaluations: one seed's data, loaded once and kept."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import json
import re
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from deploy.fingerprints import fingerprint
from deploy.local.dynamodb import local_client
from deploy.local.errors import StackError
from deploy.local.lease import LeasedEnvironment, lease
from deploy.local.state import StateFolder
from deploy.seed.dynamodb import ITEM_KEYS
from deploy.seed.generate import generate
from deploy.seed.overlay import Overlay, overlay_on, replace_all
from deploy.seed.plan import Size
from deploy.seed.records import sample_records

Say = Callable[[str], None]

_GENERATED = "generated:"
_KEPT = "fingerprint.json"


@dataclass(frozen=True, slots=True)
class EvaluationStack:
    """An open stack that nobody else uses.

    Attributes:
        environment: its addresses, as the desk's settings read them.
    """

    environment: Mapping[str, str]
    overlay: Overlay

    async def fingerprint(self) -> Mapping[str, str]:
        """A hash of each table's rows, conversations and verifications left out."""
        return await asyncio.to_thread(fingerprint, self.environment)


@asynccontextmanager
async def evaluation_stack(
    root: Path, seed: str, say: Say, *, pace: float = 0.0
) -> AsyncIterator[EvaluationStack]:
    """The stack of a seed below the state folder ``root``, with exactly the seed's data.

    Rows that a killed run left behind are found by the hash of what was loaded; such data is
    thrown away and loaded anew.

    Args:
        root: the state folder of reps' own stack, which is left alone.
        seed: ``base``, ``generated:N``, or a folder of records like the sample's.
        say: takes a line of progress.
        pace: seconds between two pieces of the understudy's answer.

    Raises:
        StackError: it cannot be started, or its data not be loaded.
    """
    state = StateFolder(root / "evals" / folder_name(seed))
    with ExitStack() as held:
        await asyncio.to_thread(held.enter_context, _alone(state, say))
        environment = await asyncio.to_thread(_opened, held, state, seed, say, pace)
        overlay = overlay_on(environment)
        if overlay is None:
            raise StackError("The stack for evaluations is no local one.")
        try:
            yield EvaluationStack(environment, overlay)
        finally:
            await asyncio.to_thread(held.close)


def folder_name(seed: str) -> str:
    """Where the data of a seed lies; that of a folder depends on what is in it."""
    if seed == "base" or seed.startswith(_GENERATED):
        return seed.replace(":", "-")
    digest = hashlib.sha256()
    for file in sorted(Path(seed).glob("*.json")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    stem = re.sub(r"[^a-z0-9]+", "-", Path(seed).name.lower()).strip("-")
    return f"folder-{stem}-{digest.hexdigest()[:12]}"


@contextmanager
def _alone(state: StateFolder, say: Say) -> Iterator[None]:
    """Two evaluations at once would see each other's rows: the second waits for the first."""
    state.root.mkdir(parents=True, exist_ok=True)
    with state.root.with_name(f"{state.root.name}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another evaluation is using this data; waiting for it to end…")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _opened(
    held: ExitStack, state: StateFolder, seed: str, say: Say, pace: float
) -> LeasedEnvironment:
    for _ in range(2):
        with ExitStack() as undo:
            leased = undo.enter_context(lease(say, state=state, pace=pace))
            _load(leased, seed, say)
            found = dict(fingerprint(leased))
            if _expected(state, found) == found:
                held.push(undo.pop_all())
                return leased
        say("The data for evaluations is not what was loaded; loading it anew…")
        _throw_away(state)
    raise StackError(
        f"The data in {state.root} does not stay as it was loaded; remove that folder."
    )


def _throw_away(state: StateFolder) -> None:
    """Remove the data, as soon as the stack that has just lost its last lease is down."""
    with state.lock.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for folder in (state.aurora, state.dynamodb):
            shutil.rmtree(folder, ignore_errors=True)
        (state.root / _KEPT).unlink(missing_ok=True)


def _expected(state: StateFolder, found: Mapping[str, str]) -> Mapping[str, str]:
    """The hashes of the data when it was loaded; those found now, when that has just been done."""
    path = state.root / _KEPT
    with suppress(OSError, ValueError):
        kept: Mapping[str, str] = json.loads(path.read_text())
        return kept
    path.write_text(json.dumps(found, indent=1))
    return found


def _load(environment: Mapping[str, str], seed: str, say: Say) -> None:
    """Put the seed's data in the place of whatever is there; nothing to do when it is there."""
    if seed == "base":
        return  # every local stack begins with it
    client = local_client(environment["AWS_ENDPOINT_URL_DYNAMODB"])
    prefix = environment["DESKHAND_TABLE_PREFIX"]
    tables = {table: f"{prefix}-{table}" for table in ITEM_KEYS}
    owner = environment["DESKHAND_OWNER_DSN"]
    if not seed.startswith(_GENERATED):
        replace_all(owner, client, tables, sample_records(Path(seed)))
        return
    customers = int(seed.removeprefix(_GENERATED))
    size = Size(customers=customers, dynamodb_customers=customers)
    said: set[str] = set()

    def progress(step: str, done: int, total: int) -> None:
        if step not in said:
            said.add(step)
            say(f"loading {customers:,} generated customers, once: {step}…")

    generate(owner, client, tables, size, progress=progress)
