"""What a rep does with stored conversations besides talking, on a real DynamoDB."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import pytest

from agent import Conversations, StoredTurn, StoreUnavailable
from agent.errors import BadQuestion, ConversationBusy, ConversationNotFound
from agent.turns import FinishedCall, Thumb, Usage
from deploy.local.stack import LocalStack
from tests.agent.test_conversations import MESSAGES, store_at

pytestmark = pytest.mark.stack


@pytest.fixture
async def store(local_stack: LocalStack) -> AsyncIterator[Conversations]:
    """A store over the running stack."""
    yield store_at(local_stack)


@pytest.fixture
def conversation_id() -> str:
    """A conversation that no other test uses."""
    return f"test-{uuid4().hex}"


def turn(question: str = "Who is Bob?") -> StoredTurn:
    """A whole turn, with all that shows it again."""
    call = FinishedCall(
        id="call-1",
        system="aurora",
        tool="find_customers",
        input={"query": "Bob"},
        ok=True,
        ms=12,
        rows=1,
        data={"customers": [{"customer_id": "CUST003"}]},
    )
    return StoredTurn(
        uuid4().hex,
        question,
        "CUST003",
        "answered",
        "2026-01-15T10:00:00+00:00",
        MESSAGES,
        calls=(call,),
        unavailable=("profile",),
        usage=Usage(model_calls=2, ms=1200),
        model_id="local.understudy",
        prompt_hash="abc",
    )


async def save(
    store: Conversations, conversation_id: str, told: StoredTurn, replaces: str | None = None
) -> None:
    """One turn, begun and saved."""
    async with store.turn("rep", conversation_id, replaces=replaces) as opened:
        assert await store.save(opened, told)


async def questions(store: Conversations, conversation_id: str) -> list[str]:
    """What was asked, in order."""
    return [found.question for found in await store.transcript("rep", conversation_id)]


async def test_a_turn_comes_back_with_its_calls_and_its_figures(
    store: Conversations, conversation_id: str
) -> None:
    """All that the page drew can be drawn again."""
    told = turn()
    await save(store, conversation_id, told)
    assert list(await store.transcript("rep", conversation_id)) == [told]


async def test_the_next_turn_reads_no_more_than_the_model_needs(
    store: Conversations, conversation_id: str
) -> None:
    """What draws a turn again is most of it, and is read with every question else."""
    told = turn()
    await save(store, conversation_id, told)
    async with store.turn("rep", conversation_id) as opened:
        assert opened.history == list(MESSAGES)
        assert opened.last
        assert (opened.last.turn_id, opened.last.calls) == (told.turn_id, ())


async def test_a_new_name_stays_and_does_not_move_the_conversation(
    store: Conversations, conversation_id: str
) -> None:
    """Later turns leave it, and so does a first question that is asked anew."""
    first = turn()
    await save(store, conversation_id, first)
    before = await store.head("rep", conversation_id)
    await store.rename("rep", conversation_id, "Bob's call")
    after = await store.head("rep", conversation_id)
    await save(store, conversation_id, turn("Who is Jane?"), replaces=first.turn_id)
    last = await store.head("rep", conversation_id)
    assert before and after and last
    assert (after.title, after.updated_at) == ("Bob's call", before.updated_at)
    assert (last.title, last.turns) == ("Bob's call", 1)


async def test_the_last_turn_alone_can_be_replaced(
    store: Conversations, conversation_id: str
) -> None:
    """The new one stands in its place; a refusal leaves everything and gives the lock back."""
    first, second, third = turn("One?"), turn("Two?"), turn("Three?")
    await save(store, conversation_id, first)
    await save(store, conversation_id, second)
    with pytest.raises(BadQuestion):
        await save(store, conversation_id, third, replaces=first.turn_id)
    with pytest.raises(BadQuestion):
        await save(store, f"{conversation_id}-new", third, replaces=first.turn_id)
    async with store.turn("rep", conversation_id, replaces=second.turn_id) as opened:
        assert opened.history == list(MESSAGES)
        assert await store.save(opened, third)
    assert await questions(store, conversation_id) == ["One?", "Three?"]


async def test_a_turn_that_was_to_be_replaced_stays_when_the_new_one_fails(
    store: Conversations, conversation_id: str
) -> None:
    """Also when it is the only one."""
    first = turn()
    await save(store, conversation_id, first)
    with pytest.raises(RuntimeError):
        async with store.turn("rep", conversation_id, replaces=first.turn_id):
            raise RuntimeError
    assert await questions(store, conversation_id) == ["Who is Bob?"]
    await save(store, conversation_id, turn("And now?"))


async def test_a_turn_that_could_not_be_stored_can_be_replaced_too(
    store: Conversations, local_stack: LocalStack, conversation_id: str
) -> None:
    """It is remembered like a stored one; while the table is down nothing can be replaced."""
    await save(store, conversation_id, turn("Before?"))
    local_stack.stop("dynamodb")
    try:
        unsaved = turn("While down?")
        async with store.turn("rep", conversation_id) as opened:
            assert not await store.save(opened, unsaved)
        with pytest.raises(BadQuestion):
            await save(store, conversation_id, turn(), replaces=unsaved.turn_id)
    finally:
        local_stack.start("dynamodb")
    await save(store, conversation_id, turn("Instead?"), replaces=unsaved.turn_id)
    assert await questions(store, conversation_id) == ["Before?", "Instead?"]


async def test_a_thumb_stays_with_its_answer_until_it_is_taken_back(
    store: Conversations, conversation_id: str
) -> None:
    """The newest counts; other answers have none."""
    first, second = turn("One?"), turn("Two?")
    await save(store, conversation_id, first)
    await save(store, conversation_id, second)
    thumbs = []
    for thumb in (Thumb(value="up"), Thumb(value="down", reason="Too long"), None):
        await store.rate("rep", conversation_id, second.turn_id, thumb)
        found = await store.transcript("rep", conversation_id)
        thumbs.append([shown.thumb for shown in found])
    assert thumbs == [
        [None, Thumb(value="up")],
        [None, Thumb(value="down", reason="Too long")],
        [None, None],
    ]
    with pytest.raises(ConversationNotFound):
        await store.rate("rep", conversation_id, "nothing", Thumb(value="up"))


async def test_a_deleted_conversation_leaves_nothing(
    store: Conversations, conversation_id: str
) -> None:
    """More turns than one transaction takes; the id can be used again, and by anybody."""
    for number in range(101):
        await save(store, conversation_id, turn(f"{number}?"))
    await store.delete("rep", conversation_id)
    assert await store.head("rep", conversation_id) is None
    with pytest.raises(ConversationNotFound):
        await store.delete("rep", conversation_id)
    async with store.turn("other", conversation_id) as opened:
        assert (opened.turns, opened.history) == (0, [])


async def test_a_conversation_that_is_answering_is_not_deleted(
    store: Conversations, conversation_id: str
) -> None:
    """Neither here nor from another process, and its head says that it is locked."""
    await save(store, conversation_id, turn())
    async with store.turn("rep", conversation_id):
        with pytest.raises(ConversationBusy):
            await store.delete("rep", conversation_id)
        during = await store.head("rep", conversation_id)
    after = await store.head("rep", conversation_id)
    assert during and during.locked
    assert after and not after.locked


async def test_nobody_else_changes_or_sees_it(store: Conversations, conversation_id: str) -> None:
    """And what is not there is refused in the same way."""
    told = turn()
    await save(store, conversation_id, told)
    for rep, name in (("other", conversation_id), ("rep", f"{conversation_id}-none")):
        with pytest.raises(ConversationNotFound):
            await store.rename(rep, name, "Mine")
        with pytest.raises(ConversationNotFound):
            await store.rate(rep, name, told.turn_id, Thumb(value="up"))
        with pytest.raises(ConversationNotFound):
            await store.delete(rep, name)
    with pytest.raises(ConversationNotFound):
        await store.head("other", conversation_id)
    [kept] = await store.transcript("rep", conversation_id)
    assert kept.thumb is None


async def test_words_are_found_in_titles_questions_and_answers(store: Conversations) -> None:
    """What a rep remembers of an old conversation is enough; the place is shown."""
    rep = f"rep-{uuid4().hex}"
    for number in range(5):
        said = replace(
            turn(f"Bob no. {number}?"), answer=f"It is the Crème {'ABCDE'[number]}-side."
        )
        async with store.turn(rep, f"{rep}-{number}") as opened:
            assert await store.save(opened, said)
    async with store.turn(rep, f"{rep}-2") as opened:
        assert await store.save(opened, turn("And his *laptop*, please?"))

    async def found(words: str) -> list[tuple[str, str]]:
        return [(one.title, one.found) for one in await store.list(rep, find=words)]

    assert await found("NO. 3?") == [("Bob no. 3?", "")]
    assert await found("crème d-side") == [("Bob no. 3?", "Bob no. 3? It is the Crème D-side.")]
    [(title, place)] = await found("laptop bob")
    assert title == "Bob no. 2?"
    assert "his laptop, please" in place
    assert await found("laptop tablet") == []
    assert len(await store.list(rep, limit=2)) == 2


async def test_what_changed_is_searched_anew(store: Conversations) -> None:
    """Texts are kept between two searches, and only as long as they are true."""
    rep = f"rep-{uuid4().hex}"
    conversation = f"{rep}-1"
    for asked in ("Who is Bob?", "And the walrus?"):
        async with store.turn(rep, conversation) as opened:
            assert await store.save(opened, turn(asked))
        await store.list(rep, find="walrus")
    assert [one.title for one in await store.list(rep, find="walrus")] == ["Who is Bob?"]
    await store.delete(rep, conversation)
    assert list(await store.list(rep, find="walrus")) == []


async def test_a_part_of_a_long_conversation_is_read_alone(
    store: Conversations, conversation_id: str
) -> None:
    """The newest turns, and those before them."""
    for number in range(1, 6):
        await save(store, conversation_id, turn(f"Question {number}"))
    read = await store.transcript("rep", conversation_id, first=2, last=4)
    assert [one.question for one in read] == [f"Question {number}" for number in (2, 3, 4)]


async def test_a_table_that_is_down_is_one_kind_of_error(
    store: Conversations, local_stack: LocalStack, conversation_id: str
) -> None:
    """Whatever was asked of it."""
    local_stack.stop("dynamodb")
    try:
        for asked in (
            store.head("rep", conversation_id),
            store.rename("rep", conversation_id, "x"),
            store.rate("rep", conversation_id, "t", None),
            store.delete("rep", conversation_id),
        ):
            with pytest.raises(StoreUnavailable):
                await asked
    finally:
        local_stack.start("dynamodb")
