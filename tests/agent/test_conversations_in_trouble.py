"""Conversations while their table fails half-way: nothing is lost, doubled or brought back."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import EndpointConnectionError

from agent import Conversations, StoredTurn, StoreUnavailable
from agent.errors import BadQuestion, ConversationBusy, ConversationNotFound
from agent.turns import FinishedCall
from deploy.local.stack import LocalStack
from tests.agent.test_conversations import save, store_at, stored

pytestmark = pytest.mark.stack


@dataclass
class Wire:
    """A DynamoDB client whose requests or answers get lost, and that runs things in between."""

    client: Any
    down: bool = False
    loses_answers_of: set[str] = field(default_factory=set)
    before: dict[str, Callable[[], None]] = field(default_factory=dict)

    def __getattr__(self, operation: str) -> Any:
        def call(**arguments: Any) -> Any:
            if self.down:
                raise EndpointConnectionError(endpoint_url="table")
            if first := self.before.pop(operation, None):
                first()
            answer = getattr(self.client, operation)(**arguments)
            if operation in self.loses_answers_of:
                raise EndpointConnectionError(endpoint_url="table")
            return answer

        return call


@pytest.fixture
def wire(local_stack: LocalStack) -> Wire:
    """The way to the stack's table."""
    return Wire(store_at(local_stack)._table._client)


@pytest.fixture
def store(local_stack: LocalStack, wire: Wire) -> Conversations:
    """A store at the end of that way."""
    return Conversations(wire, store_at(local_stack)._table.name, lease_seconds=60)


@pytest.fixture
def conversation_id() -> str:
    """A conversation that no other test uses."""
    return f"test-{uuid4().hex}"


async def questions(store: Conversations, conversation_id: str) -> list[str]:
    """What was asked, in order."""
    return [turn.question for turn in await store.transcript("rep", conversation_id)]


async def test_two_questions_at_once_are_refused_while_the_table_is_down_too(
    store: Conversations, wire: Wire, conversation_id: str
) -> None:
    """Else the second would be remembered in place of the first."""
    wire.down = True
    async with store.turn("rep", conversation_id) as opened:
        with pytest.raises(ConversationBusy):
            async with store.turn("rep", conversation_id):
                pass
        await store.save(opened, stored("First?"))
        # The answer has been given: the next question may come before the turn is left.
        async with store.turn("rep", conversation_id) as second:
            await store.save(second, stored("Second?"))
    wire.down = False
    assert await save(store, conversation_id, "Third?")
    assert await questions(store, conversation_id) == ["First?", "Second?", "Third?"]


async def test_a_turn_that_was_stored_without_a_word_is_not_stored_twice(
    store: Conversations, wire: Wire, conversation_id: str
) -> None:
    """The table did its work and its answer got lost."""
    wire.loses_answers_of = {"transact_write_items"}
    assert not await save(store, conversation_id, "First?")
    wire.loses_answers_of = set()
    async with store.turn("rep", conversation_id) as opened:
        assert len(opened.history) == 2
        assert await store.save(opened, stored("Second?"))
    assert await questions(store, conversation_id) == ["First?", "Second?"]


async def test_a_table_that_fails_behind_the_lock_leaves_no_empty_conversation(
    store: Conversations, wire: Wire, conversation_id: str
) -> None:
    """The lock was written, and then its answer got lost."""
    rep = f"rep-{conversation_id}"
    wire.loses_answers_of = {"update_item"}
    async with store.turn(rep, conversation_id) as opened:
        assert not opened.stored
    while store._unfinished:
        await asyncio.wait(set(store._unfinished))
    assert await store.list(rep) == []


async def test_a_delete_that_fails_leaves_the_conversation_free(
    store: Conversations, wire: Wire, conversation_id: str
) -> None:
    """It can be deleted again, or asked in, at once."""
    assert await save(store, conversation_id, "First?")

    def fall() -> None:
        raise EndpointConnectionError(endpoint_url="table")

    wire.before["transact_write_items"] = fall
    with pytest.raises(StoreUnavailable):
        await store.delete("rep", conversation_id)
    assert await save(store, conversation_id, "Second?")
    assert await questions(store, conversation_id) == ["First?", "Second?"]


async def test_after_a_refusal_to_ask_anew_the_conversation_is_free_at_once(
    store: Conversations, wire: Wire, conversation_id: str
) -> None:
    """The lock has been given back when the refusal is told."""
    assert await save(store, conversation_id, "First?")
    for _ in range(20):
        with pytest.raises(BadQuestion):
            async with store.turn("rep", conversation_id, replaces="another"):
                pass
        head = await store.head("rep", conversation_id)
        assert head is not None
        assert not head.locked


async def test_turns_of_a_long_outage_are_all_saved(
    store: Conversations, wire: Wire, conversation_id: str
) -> None:
    """One transaction takes a hundred items, and the outage does not ask."""
    wire.down = True
    for number in range(110):
        assert not await save(store, conversation_id, f"{number}?")
    wire.down = False
    assert await save(store, conversation_id, "After?")
    assert await questions(store, conversation_id) == [*(f"{n}?" for n in range(110)), "After?"]
    head = await store.head("rep", conversation_id)
    assert head
    assert (head.title, head.turns, head.locked) == ("0?", 111, False)


async def test_what_could_not_be_saved_outlives_what_could(
    store: Conversations, wire: Wire, conversation_id: str
) -> None:
    """However many other conversations go on in between."""
    wire.down = True
    assert not await save(store, conversation_id, "First?")
    wire.down = False
    for number in range(70):
        assert await save(store, f"{conversation_id}-{number}", "Other?")
    assert await save(store, conversation_id, "Second?")
    assert await questions(store, conversation_id) == ["First?", "Second?"]


async def test_a_turn_that_ends_while_its_conversation_is_deleted_goes_with_it(
    store: Conversations, wire: Wire, local_stack: LocalStack, conversation_id: str
) -> None:
    """A conversation that is begun anew under its id has nothing of the old one."""
    await save(store, conversation_id, "First?")
    table = store._table
    late = {**(await item_of(store, conversation_id, 1)), "item": {"S": "turn#000002"}}
    wire.before["update_item"] = lambda: wire.client.put_item(TableName=table.name, Item=late)
    await store.delete("rep", conversation_id)
    with pytest.raises(ConversationNotFound):
        await store.transcript("rep", conversation_id)
    assert await save(store, conversation_id, "Anew?")
    assert await questions(store, conversation_id) == ["Anew?"]


async def item_of(store: Conversations, conversation_id: str, number: int) -> dict[str, Any]:
    """A turn as it is stored."""
    key = {"conversation_id": {"S": conversation_id}, "item": {"S": f"turn#{number:06d}"}}
    answer = await store._table.call("get_item", Key=key, ConsistentRead=True)
    item: dict[str, Any] = answer["Item"]
    return item


async def test_a_turn_with_more_data_than_an_item_holds_is_saved_without_the_data(
    store: Conversations, conversation_id: str
) -> None:
    """Else neither it nor any later turn of the conversation could ever be saved."""
    noise = [hashlib.sha256(str(n).encode()).hexdigest() for n in range(16_000)]
    call = FinishedCall(
        id="1", system="aurora", tool="list", input={}, ok=True, ms=1, data={"rows": noise}
    )
    for large in (large_in_messages(noise), replace(stored("Calls?"), calls=(call,))):
        async with store.turn("rep", conversation_id) as opened:
            assert await store.save(opened, large)
    first, second = await store.transcript("rep", conversation_id)
    assert [first.answer, second.calls[0].data] == ["CUST003", None]
    assert [message["role"] for message in first.messages] == ["user", "assistant"]


def large_in_messages(noise: list[str]) -> StoredTurn:
    """A whole turn whose tool result does not fit."""
    use = {"toolUseId": "1", "name": "list", "input": {}}
    found = {"text": json.dumps({"rows": noise})}
    result = {"toolUseId": "1", "status": "success", "content": [found]}
    messages: Any = (
        {"role": "user", "content": [{"text": "Messages?"}]},
        {"role": "assistant", "content": [{"toolUse": use}]},
        {"role": "user", "content": [{"toolResult": result}]},
        {"role": "assistant", "content": [{"text": "CUST003"}]},
    )
    return replace(stored("Messages?"), messages=messages)


async def test_a_large_turn_that_is_asked_anew_is_history_again(
    store: Conversations, conversation_id: str
) -> None:
    """The window has moved behind the turn that is replaced, and must not hide the new one."""
    messages: Any = (
        {"role": "user", "content": [{"text": "All?"}]},
        {"role": "assistant", "content": [{"text": "a" * 300_000}]},
    )
    large, small = replace(stored("All?"), messages=messages), stored("Less?")
    async with store.turn("rep", conversation_id) as opened:
        assert await store.save(opened, large)
    async with store.turn("rep", conversation_id, replaces=large.turn_id) as opened:
        assert await store.save(opened, small)
    async with store.turn("rep", conversation_id) as opened:
        assert opened.history == list(small.messages)
