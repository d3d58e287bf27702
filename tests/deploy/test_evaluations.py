"""Stacks of their own for evaluations: exactly the seed's data, whatever was there before."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest

from deploy.evaluations import EvaluationStack, evaluation_stack, folder_name
from deploy.local.lock import held_down
from deploy.local.state import StateFolder
from deploy.seed.records import SAMPLE_FOLDER

pytestmark = [pytest.mark.stack, pytest.mark.timeout(180)]

ROW = {
    "customer_id": "CUST901",
    "username": "new",
    "email": "new@example.com",
    "first_name": "New",
    "last_name": "One",
}


@asynccontextmanager
async def opened(root: Path, seed: str, said: list[str]) -> AsyncIterator[EvaluationStack]:
    """The stack, and afterwards nothing of it is left running."""
    try:
        async with evaluation_stack(root, seed, said.append) as stack:
            yield stack
    finally:
        with held_down(StateFolder(root / "evals" / folder_name(seed))):
            pass


@pytest.fixture
def root(open_folder: Path) -> Path:
    """The state folder of reps' stack, which is not there: nobody has started one."""
    return open_folder / "reps"


async def test_data_is_loaded_once_and_what_somebody_left_behind_is_thrown_away(
    root: Path,
) -> None:
    """The hash of each table tells; nothing is done in the folder of reps' own stack."""
    said: list[str] = []
    async with opened(root, "generated:100", said) as stack:
        first = await stack.fingerprint()
        owner = stack.environment["DESKHAND_OWNER_DSN"]
        async with stack.overlay({"users": [ROW]}):
            within = await stack.fingerprint()
        assert await stack.fingerprint() == first
        assert {table for table in first if within[table] != first[table]} == {"aurora.users"}
        with psycopg.connect(owner) as connection:
            connection.execute("UPDATE store.orders SET status = 'shipped' WHERE id = 2")
    assert any("loading 100 generated customers" in line for line in said)
    assert sorted(path.name for path in root.iterdir()) == ["evals"]
    said.clear()
    async with opened(root, "generated:100", said) as stack:
        assert await stack.fingerprint() == first
    assert any("is not what was loaded" in line for line in said)
    said.clear()
    async with opened(root, "generated:100", said) as stack:
        assert await stack.fingerprint() == first
    assert not any("loading" in line for line in said)


async def test_a_folder_of_records_takes_the_place_of_the_sample(
    root: Path, tmp_path: Path
) -> None:
    """Also of the sample's own rows, and at each start anew."""
    for file in SAMPLE_FOLDER.glob("*.json"):
        rows = json.loads(file.read_text())
        (tmp_path / file.name).write_text(json.dumps(rows[:2] if file.stem != "orders" else []))
    for _ in range(2):
        async with opened(root, str(tmp_path), []) as stack:
            found = await stack.fingerprint()
        counts = {table: int(value.split("-")[0]) for table, value in found.items()}
        assert counts.pop("aurora.orders") == 0
        assert set(counts.values()) == {2}


async def test_a_second_evaluation_waits_for_the_first(root: Path) -> None:
    """And says so; nobody ever sees the rows of another's case."""
    said: list[str] = []
    order: list[str] = []
    waiting = asyncio.Event()
    loop = asyncio.get_running_loop()

    def tell(line: str) -> None:
        said.append(line)
        loop.call_soon_threadsafe(waiting.set)

    async def second() -> None:
        async with evaluation_stack(root, "base", tell):
            order.append("second")

    async with evaluation_stack(root, "base", lambda line: None):
        task = asyncio.create_task(second())
        await asyncio.wait_for(waiting.wait(), 10)
        order.append("first")
    await asyncio.wait_for(task, 60)
    assert "Another evaluation is using this data" in said[0]
    assert order == ["first", "second"]
    with held_down(StateFolder(root / "evals" / "base")):
        pass
