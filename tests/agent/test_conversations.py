"""Conversations on a real DynamoDB: whole turns, one lock, one owner, nothing lost when down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config

from agent import Conversations, StoredTurn, StoreUnavailable
from agent.errors import ConversationBusy, ConversationNotFound
from deploy.local.stack import LocalStack

pytestmark = pytest.mark.stack

MESSAGES: Any = (
    {"role": "user", "content": [{"text": "Who is Bob?"}]},
    {"role": "assistant", "content": [{"text": "CUST003"}]},
)


def store_at(
    stack: LocalStack,
    *,
    lease_seconds: float = 60,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Conversations:
    """A store of its own over the stack's table, as another process would have."""
    environment = stack.environment
    client = boto3.client(
        "dynamodb",
        endpoint_url=environment["AWS_ENDPOINT_URL_DYNAMODB"],
        region_name=environment["AWS_REGION"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        config=Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1}),
    )
    table = f"{environment['DESKHAND_TABLE_PREFIX']}-conversations"
    return Conversations(client, table, lease_seconds=lease_seconds, now=now)


@pytest.fixture
async def store(local_stack: LocalStack) -> AsyncIterator[Conversations]:
    """A store over the running stack."""
    yield store_at(local_stack)


@pytest.fixture
def conversation_id() -> str:
    """A conversation that no other test uses."""
    return f"test-{uuid4().hex}"


def stored(question: str = "Who is Bob?") -> StoredTurn:
    """A whole turn."""
    return StoredTurn(
        uuid4().hex, question, "CUST003", "answered", datetime.now(UTC).isoformat(), MESSAGES
    )


async def save(store: Conversations, conversation_id: str, question: str, rep: str = "rep") -> bool:
    """One turn, begun and saved."""
    async with store.turn(rep, conversation_id) as opened:
        return await store.save(opened, stored(question))


async def test_a_saved_turn_is_the_next_turns_history(
    store: Conversations, local_stack: LocalStack, conversation_id: str
) -> None:
    """Another process sees it as well."""
    assert await save(store, conversation_id, "Who is Bob?")
    async with store_at(local_stack).turn("rep", conversation_id) as opened:
        assert opened.turns == 1
        assert opened.history == list(MESSAGES)


async def test_a_turn_that_is_not_saved_leaves_nothing(
    store: Conversations, conversation_id: str
) -> None:
    """Neither a turn nor an empty conversation in the rep's list."""
    async with store.turn("rep", conversation_id):
        pass
    with pytest.raises(ConversationNotFound):
        await store.transcript("rep", conversation_id)
    listed = [summary.conversation_id for summary in await store.list("rep")]
    assert conversation_id not in listed


async def test_a_failed_turn_leaves_earlier_turns_and_gives_the_lock_back(
    store: Conversations, conversation_id: str
) -> None:
    """Rolled back as one whole."""
    await save(store, conversation_id, "First?")
    with pytest.raises(RuntimeError):
        async with store.turn("rep", conversation_id):
            raise RuntimeError
    assert await save(store, conversation_id, "Second?")
    transcript = await store.transcript("rep", conversation_id)
    assert [turn.question for turn in transcript] == ["First?", "Second?"]


async def test_a_second_process_cannot_begin_a_turn_while_one_runs(
    store: Conversations, local_stack: LocalStack, conversation_id: str
) -> None:
    """The lock holds outside the process."""
    async with store.turn("rep", conversation_id) as opened:
        with pytest.raises(ConversationBusy):
            async with store_at(local_stack).turn("rep", conversation_id):
                pass
        assert await store.save(opened, stored())


async def test_the_lock_of_a_process_that_died_ends_by_itself_and_its_late_save_is_refused(
    store: Conversations, local_stack: LocalStack, conversation_id: str
) -> None:
    """A lease that has run out belongs to the next taker alone."""
    dying = store_at(local_stack, lease_seconds=-1)
    async with dying.turn("rep", conversation_id) as lost:
        assert await save(store, conversation_id, "Taken over?")
        assert not await dying.save(lost, stored("Too late?"))
    transcript = await store.transcript("rep", conversation_id)
    assert [turn.question for turn in transcript] == ["Taken over?"]


async def test_a_turn_that_takes_longer_than_its_lease_keeps_the_lock(
    store: Conversations, local_stack: LocalStack, conversation_id: str
) -> None:
    """A short lease frees a dead process's conversations soon; a live one renews it."""
    brief = store_at(local_stack, lease_seconds=0.6)
    async with asyncio.timeout(20), brief.turn("rep", conversation_id) as opened:
        leases: set[str] = set()
        while len(leases) < 4:
            answer = await store._table.call(
                "get_item",
                Key={"conversation_id": {"S": conversation_id}, "item": {"S": "head"}},
                ConsistentRead=True,
            )
            leases.add(answer["Item"]["lock_until"]["N"])
        with pytest.raises(ConversationBusy):
            async with store.turn("rep", conversation_id):
                pass
        assert await brief.save(opened, stored())
    head = await store.head("rep", conversation_id)
    assert head
    assert not head.locked


async def test_another_reps_conversation_does_not_exist(
    store: Conversations, conversation_id: str
) -> None:
    """Neither to continue, nor to read, nor in a list."""
    await save(store, conversation_id, "Mine?", rep="owner")
    with pytest.raises(ConversationNotFound):
        await save(store, conversation_id, "Yours?", rep="other")
    with pytest.raises(ConversationNotFound):
        await store.transcript("other", conversation_id)
    assert conversation_id not in [found.conversation_id for found in await store.list("other")]


async def test_the_list_is_titled_by_the_first_question_and_sorted_by_last_use(
    store: Conversations, local_stack: LocalStack
) -> None:
    """What a rep looks for first."""
    rep = f"rep-{uuid4().hex}"
    stamps = iter([datetime(2026, 1, day, tzinfo=UTC) for day in (1, 1, 2, 2, 3, 3)])
    dated = store_at(local_stack, now=lambda: next(stamps))
    for conversation, question in (("a", "First of a?"), ("b", "First of b?"), ("a", "More?")):
        await save(dated, f"{rep}-{conversation}", question, rep=rep)
    found = await store.list(rep)
    assert [(summary.title, summary.turns) for summary in found] == [
        ("First of a?", 2),
        ("First of b?", 1),
    ]


async def test_while_the_table_is_down_the_conversation_goes_on_and_is_saved_when_it_is_back(
    store: Conversations, local_stack: LocalStack, conversation_id: str
) -> None:
    """What this process remembers bridges the gap, and no turn is lost."""
    assert await save(store, conversation_id, "Before?")
    local_stack.stop("dynamodb")
    try:
        async with store.turn("rep", conversation_id) as opened:
            assert not opened.stored
            assert len(opened.history) == 2
            assert not await store.save(opened, stored("While down?"))
        with pytest.raises(StoreUnavailable):
            await store.list("rep")
    finally:
        local_stack.start("dynamodb")
    async with store.turn("rep", conversation_id) as opened:
        assert len(opened.history) == 4
        assert await store.save(opened, stored("After?"))
    questions = [turn.question for turn in await store.transcript("rep", conversation_id)]
    assert questions == ["Before?", "While down?", "After?"]


async def test_a_caller_who_is_cancelled_while_the_lock_is_taken_leaves_none(
    store: Conversations, conversation_id: str
) -> None:
    """A rep who goes away at once finds the conversation free when coming back."""

    async def begin() -> None:
        async with store.turn("rep", conversation_id):
            await asyncio.Event().wait()

    for moment in (0, 0.001, 0.002, 0.005, 0.01, 0.05):
        task = asyncio.create_task(begin())
        await asyncio.wait([task], timeout=moment)
        task.cancel()
        await asyncio.wait([task])
        async with asyncio.timeout(5):
            while store._unfinished:
                await asyncio.wait(set(store._unfinished))
        async with store.turn("rep", conversation_id) as opened:
            assert opened.stored
