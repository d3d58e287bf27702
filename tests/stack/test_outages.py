"""A system taken away in mid-conversation is named; its return makes the next answer whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from uuid import uuid4

import pytest

from agent import Answer, Answered, Desk, Failed, Question, Rep, Settings, TurnEvent, open_desk
from deploy.local.bedrock.script import say, use
from deploy.local.bedrock.scripted import ScriptedBedrock
from deploy.local.stack import LocalStack

CALLS = {
    "aurora": ("find_customers", {"query": "CUST003"}),
    "catalog": ("list_reviews", {"customer_id": "CUST003"}),
    "warranty": ("warranty___find_warranties", {"customer_name": "Bob Johnson"}),
    "profile": ("profile___get_customer_profile", {"customer_id": "CUST003"}),
}
ASK_ALL = [use(*CALLS.values()), say("Here is what I found.\n<outcome>answered</outcome>")]


@pytest.fixture
async def desk(local_stack: LocalStack, scripted_bedrock: ScriptedBedrock) -> AsyncIterator[Desk]:
    """A desk over the real systems, with a scripted model."""
    environment = {**local_stack.environment, **scripted_bedrock.environment()}
    credentials = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    environment |= {name: local_stack.environment[name] for name in credentials}
    async with open_desk(Settings.from_environment(environment)) as opened:
        yield opened


async def turn(desk: Desk, conversation_id: str) -> Sequence[TurnEvent]:
    """One whole turn, within a limit."""
    asked = Question(
        rep=Rep(rep_id="rep"), conversation_id=conversation_id, text="Everything on CUST003?"
    )
    async with asyncio.timeout(40), aclosing(desk.ask(asked)) as stream:
        return [event async for event in stream]


async def answer(desk: Desk, conversation_id: str) -> Answer:
    """The answer of one turn."""
    last = (await turn(desk, conversation_id))[-1]
    assert isinstance(last, Answered), f"the turn ended with {last}"
    return last.answer


@pytest.mark.parametrize(
    ("stopped", "named"),
    [
        ("aurora", ["aurora"]),
        ("catalog", ["catalog"]),
        ("gateway", ["profile", "warranty"]),
        ("dynamodb", ["catalog", "profile", "warranty", "conversations"]),
    ],
)
async def test_a_system_that_goes_away_is_named_and_its_return_makes_the_next_answer_whole(
    desk: Desk,
    local_stack: LocalStack,
    scripted_bedrock: ScriptedBedrock,
    stopped: str,
    named: list[str],
) -> None:
    """Whole before, partial with the other systems' data, whole after: one conversation."""
    conversation = f"outage-{uuid4().hex}"
    scripted_bedrock.script.replace([*ASK_ALL, *ASK_ALL, *ASK_ALL])
    before = await answer(desk, conversation)
    assert (before.outcome, before.unavailable) == ("answered", [])
    local_stack.stop(stopped)
    try:
        during = await answer(desk, conversation)
    finally:
        local_stack.start(stopped)
    assert during.unavailable == named
    assert during.outcome == "partial"
    for system in set(named) - {"conversations"}:
        assert system in during.answer
    assert {call.system for call in during.tool_calls if call.ok} == set(CALLS) - set(named)
    after = await answer(desk, conversation)
    assert (after.outcome, after.unavailable) == ("answered", [])
    questions = await desk.conversations.transcript("rep", conversation)
    assert len(questions) == 3


async def test_expired_tokens_are_renewed_and_a_token_service_that_is_gone_is_survived(
    desk: Desk, local_stack: LocalStack, scripted_bedrock: ScriptedBedrock
) -> None:
    """With a token in hand the desk does not need its issuer."""
    scripted_bedrock.script.replace([*ASK_ALL, *ASK_ALL])
    assert (await answer(desk, f"tokens-{uuid4().hex}")).unavailable == []
    local_stack.stop("tokens")
    try:
        assert (await answer(desk, f"tokens-{uuid4().hex}")).unavailable == []
    finally:
        local_stack.start("tokens")


async def test_a_desk_opens_while_every_system_is_down_and_says_so(
    local_stack: LocalStack, scripted_bedrock: ScriptedBedrock
) -> None:
    """It starts, answers that nothing could be asked, and heals by itself."""
    scripted_bedrock.script.replace([*ASK_ALL, *ASK_ALL])
    systems = ("aurora", "catalog", "gateway", "dynamodb", "tokens")
    environment = {**local_stack.environment, **scripted_bedrock.environment()}
    environment["AWS_ACCESS_KEY_ID"] = local_stack.environment["AWS_ACCESS_KEY_ID"]
    for system in systems:
        local_stack.stop(system)
    async with open_desk(Settings.from_environment(environment)) as desk:
        during = await answer(desk, f"dark-{uuid4().hex}")
        assert during.outcome == "unavailable"
        assert set(during.unavailable) == {*CALLS, "conversations"}
        well = [check.system for check in await desk.check() if check.ok]
        assert well == ["model"]
        local_stack.restore()
        scripted_bedrock.script.replace(ASK_ALL)
        assert (await answer(desk, f"light-{uuid4().hex}")).outcome == "answered"


async def test_a_model_that_goes_away_is_a_failed_turn_that_stores_nothing(
    local_stack: LocalStack,
) -> None:
    """The rep is told to ask again; the next question after its return is answered."""
    conversation = f"model-{uuid4().hex}"
    async with open_desk(Settings.from_environment(local_stack.environment)) as desk:
        local_stack.stop("model")
        try:
            last = (await turn(desk, conversation))[-1]
        finally:
            local_stack.start("model")
        assert isinstance(last, Failed)
        assert (last.code, last.retryable) == ("model_unavailable", True)
        listed = await desk.conversations.list("rep")
        assert conversation not in [summary.conversation_id for summary in listed]


async def test_the_doctor_finds_every_system_well_on_a_running_stack(
    local_stack: LocalStack, scripted_bedrock: ScriptedBedrock
) -> None:
    """The offered tools are those that the servers list, to the argument."""
    scripted_bedrock.script.replace([say("Hello.")])
    environment = {**local_stack.environment, **scripted_bedrock.environment()}
    environment["AWS_ACCESS_KEY_ID"] = local_stack.environment["AWS_ACCESS_KEY_ID"]
    async with open_desk(Settings.from_environment(environment)) as desk:
        checks = await desk.check()
    assert [check.system for check in checks if not check.ok] == []
    assert len(checks) == 6


async def test_the_doctor_looks_behind_servers_that_answer_while_their_data_does_not(
    local_stack: LocalStack, scripted_bedrock: ScriptedBedrock
) -> None:
    """A server that lists its tools is not well when its tables are gone."""
    scripted_bedrock.script.replace([say("Hello.")])
    environment = {**local_stack.environment, **scripted_bedrock.environment()}
    environment["AWS_ACCESS_KEY_ID"] = local_stack.environment["AWS_ACCESS_KEY_ID"]
    local_stack.stop("dynamodb")
    async with open_desk(Settings.from_environment(environment)) as desk:
        checks = await desk.check()
    ill = {check.system for check in checks if not check.ok}
    assert ill == {"catalog", "warranty", "profile", "conversations"}
    assert all(check.advice for check in checks if not check.ok)


async def test_the_users_own_postgresql_variables_do_not_lead_astray(
    local_stack: LocalStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stack's address is whole: libpq takes nothing that is missing from the environment."""
    for name, value in {"PGHOSTADDR": "127.0.0.9", "PGSSLMODE": "require"}.items():
        monkeypatch.setenv(name, value)
    async with open_desk(Settings.from_environment(local_stack.environment)) as desk:
        found = await desk.call_tool("get_order", {"order_id": 3})
    assert found["found"] is True
