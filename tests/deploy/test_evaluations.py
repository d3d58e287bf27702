"""Stacks of their own for evaluations: exactly the seed's data, whatever was there before."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio

from deploy.evaluations import EvaluationStack, evaluation_stack, folder_name
from deploy.local.lock import held_down
from deploy.local.state import StateFolder
from deploy.seed.records import SAMPLE_FOLDER

pytestmark = [
    pytest.mark.stack,
    pytest.mark.timeout(180),
    pytest.mark.asyncio(loop_scope="module"),
]

GENERATED = "generated:100"
ROW = {
    "customer_id": "CUST901",
    "username": "new",
    "email": "new@example.com",
    "first_name": "New",
    "last_name": "One",
}


@asynccontextmanager
async def opened(
    root: Path, seed: str, say: Callable[[str], None]
) -> AsyncIterator[EvaluationStack]:
    """The stack, and afterwards nothing of it is left running."""
    try:
        async with evaluation_stack(root, seed, say) as stack:
            yield stack
    finally:
        with held_down(StateFolder(root / "evals" / folder_name(seed))):
            pass


@dataclass
class Evaluation:
    """What an evaluation found, and what was said to it."""

    found: Mapping[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)


@dataclass
class Story:
    """Three evaluations over the same data; the third comes while the second is at work.

    Attributes:
        root: the state folder of reps' stack, which is not there: nobody has started one.
        within: what the first found while it had a row of its own.
        after: and when that was gone again.
        order: who of the later two had the data, in order.
    """

    root: Path
    first: Evaluation = field(default_factory=Evaluation)
    second: Evaluation = field(default_factory=Evaluation)
    third: Evaluation = field(default_factory=Evaluation)
    within: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def story(open_folder: Path) -> Story:
    """After the first, somebody leaves a changed row behind."""
    story = Story(open_folder / "reps")
    async with opened(story.root, GENERATED, story.first.said.append) as stack:
        story.first.found = await stack.fingerprint()
        async with stack.overlay({"users": [ROW]}):
            story.within = await stack.fingerprint()
        story.after = await stack.fingerprint()
        with psycopg.connect(stack.environment["DESKHAND_OWNER_DSN"]) as connection:
            connection.execute("UPDATE store.orders SET status = 'shipped' WHERE id = 2")
    loop, waiting = asyncio.get_running_loop(), asyncio.Event()

    def tell(line: str) -> None:
        story.third.said.append(line)
        loop.call_soon_threadsafe(waiting.set)

    async def come_later() -> None:
        async with opened(story.root, GENERATED, tell) as stack:
            story.order.append("third")
            story.third.found = await stack.fingerprint()

    async with evaluation_stack(story.root, GENERATED, story.second.said.append) as stack:
        later = asyncio.create_task(come_later())
        await asyncio.wait_for(waiting.wait(), 10)
        story.second.found = await stack.fingerprint()
        story.order.append("second")
    await asyncio.wait_for(later, 60)
    return story


async def test_data_is_loaded_once(story: Story) -> None:
    """And found again as it was; nothing is done in the folder of reps' own stack."""
    assert any("loading 100 generated customers" in line for line in story.first.said)
    assert not any("loading" in line for line in story.third.said)
    assert story.third.found == story.first.found
    assert sorted(path.name for path in story.root.iterdir()) == ["evals"]


async def test_rows_of_a_case_are_there_for_its_time_only(story: Story) -> None:
    """The hash of each table tells."""
    first, within = story.first.found, story.within
    assert {table for table in first if within[table] != first[table]} == {"aurora.users"}
    assert story.after == first


async def test_what_somebody_left_behind_is_thrown_away(story: Story) -> None:
    """Before anybody is asked anything."""
    assert any("is not what was loaded" in line for line in story.second.said)
    assert any("loading 100 generated customers" in line for line in story.second.said)
    assert story.second.found == story.first.found


async def test_a_second_evaluation_waits_for_the_first(story: Story) -> None:
    """And says so; nobody ever sees the rows of another's case."""
    assert "Another evaluation is using this data" in story.third.said[0]
    assert story.order == ["second", "third"]


async def test_a_folder_of_records_takes_the_place_of_the_sample(
    open_folder: Path, tmp_path: Path
) -> None:
    """Also of the sample's own rows, at each start anew, and each time with the same result."""
    for file in SAMPLE_FOLDER.glob("*.json"):
        rows = json.loads(file.read_text())
        (tmp_path / file.name).write_text(json.dumps(rows[:2] if file.stem != "orders" else []))
    said: list[str] = []
    for _ in range(2):
        async with opened(open_folder / "reps", str(tmp_path), said.append) as stack:
            found = await stack.fingerprint()
        counts = {table: int(value.split("-")[0]) for table, value in found.items()}
        assert counts.pop("aurora.orders") == 0
        assert set(counts.values()) == {2}
    assert not any("is not what was loaded" in line for line in said)
