"""A local stack of their own for evaluations: one seed's data, loaded once and kept."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import json
import re
import shutil
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from deploy.fingerprints import fingerprint
from deploy.local.dynamodb import local_client
from deploy.local.errors import StackError
from deploy.local.lease import lease
from deploy.local.lock import held_down
from deploy.local.state import StateFolder
from deploy.seed.dynamodb import ITEM_KEYS
from deploy.seed.generate import generate
from deploy.seed.overlay import Overlay, overlay_on, replace_all
from deploy.seed.plan import Size
from deploy.seed.records import sample_records

Say = Callable[[str], None]

_GENERATED = "generated:"
_KEPT = "fingerprint.json"


class EvaluationStack:
    """An open stack that nobody else uses.

    Attributes:
        environment: its addresses, as the desk's settings read them.
    """

    def __init__(
        self, environment: Mapping[str, str], overlay: Overlay, found: Mapping[str, str]
    ) -> None:
        self.environment = environment
        self.overlay = overlay
        self._found: Mapping[str, str] | None = found

    async def fingerprint(self) -> Mapping[str, str]:
        """A hash of each table's rows, conversations and verifications left out."""
        # Nobody has done anything since it was opened: large tables need not be read twice.
        found, self._found = self._found, None
        if found is not None:
            return found
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
        environment, found = await asyncio.to_thread(_opened, held, state, seed, say, pace)
        overlay = overlay_on(environment)
        if overlay is None:
            raise StackError("The stack for evaluations is no local one.")
        try:
            yield EvaluationStack(environment, overlay, found)
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
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The addresses of a stack with the seed's data, and the hashes of what it holds."""
    kept = state.root / _KEPT
    for _ in range(2):
        with ExitStack() as undo:
            environment = undo.enter_context(lease(say, state=state, pace=pace))
            expected = _read(kept)
            if expected is None or not seed.startswith(_GENERATED):
                _load(environment, seed, say)
            found = fingerprint(environment)
            if expected is None:
                kept.write_text(json.dumps(found, indent=1))
            if expected in (None, found):
                held.push(undo.pop_all())
                return environment, found
        say("The data for evaluations is not what was loaded; loading it anew…")
        _throw_away(state)
    raise StackError(f"The data in {state.root} changes by itself; remove that folder.")


def _read(kept: Path) -> Mapping[str, str] | None:
    """The hashes of the data when it was loaded."""
    try:
        found: Mapping[str, str] = json.loads(kept.read_text())
    except (OSError, ValueError):
        return None
    return found


def _throw_away(state: StateFolder) -> None:
    """Remove the data, as soon as the stack that has just lost its last lease is down."""
    with held_down(state):
        for folder in (state.aurora, state.dynamodb):
            shutil.rmtree(folder, ignore_errors=True)
        (state.root / _KEPT).unlink(missing_ok=True)


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
        if done and step not in said:
            said.add(step)
            say(f"loading {customers:,} generated customers, once: {step}…")

    generate(owner, client, tables, size, progress=progress)
