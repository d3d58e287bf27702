"""The desk when the model throttles, breaks off, stalls, refuses or is gone."""

from __future__ import annotations

from typing import Any

import pytest

from agent import Reset
from deploy.local.bedrock.script import Step, say, throttled
from deploy.local.bedrock.scripted import scripted_bedrock
from tests.agent.fakes import (
    ANSWER,
    MemoryConversations,
    answer_of,
    events_of,
    failure_of,
    new_desk,
    shown,
)


@pytest.mark.parametrize("fault", ["throttle", "server_error", "unavailable", "model_timeout"])
async def test_a_fault_before_the_first_byte_is_tried_again(fault: Any) -> None:
    """Two refusals and an answer make one answer."""
    async with scripted_bedrock([Step(fault=fault), Step(fault=fault), say(ANSWER)]) as bedrock:
        events = await events_of(new_desk(bedrock.url))
        assert bedrock.requests == 3
    assert answer_of(events).answer == "Bob is **CUST003** (aurora)."


@pytest.mark.parametrize("fault", ["stream_exception", "cut", "silent_end", "corrupt_frame"])
async def test_a_stream_that_breaks_is_reset_and_shown_once(fault: Any) -> None:
    """Text is never doubled: what was shown of the broken try is thrown away."""
    broken = Step(fault=fault, reply=say(ANSWER).reply, after=3)
    async with scripted_bedrock([broken, say(ANSWER)]) as bedrock:
        events = await events_of(new_desk(bedrock.url))
    # A cut connection may lose the pieces that were on their way; then there is nothing to reset.
    assert fault == "cut" or any(isinstance(event, Reset) for event in events)
    assert shown(events) == answer_of(events).answer == "Bob is **CUST003** (aurora)."


async def test_throttling_without_end_is_told_as_a_busy_model_and_stores_nothing() -> None:
    """Three tries, then a plain sentence and a code."""
    store = MemoryConversations()
    async with scripted_bedrock(throttled(9)) as bedrock:
        events = await events_of(new_desk(bedrock.url, conversations=store))
        assert bedrock.requests == 3
    failure = failure_of(events)
    assert (failure.code, failure.retryable) == ("model_busy", True)
    assert store.turns == {}


async def test_a_model_that_is_gone_is_told_as_unavailable() -> None:
    """Nothing listens at the address."""
    async with scripted_bedrock() as bedrock:
        url = bedrock.url
    failure = failure_of(await events_of(new_desk(url)))
    assert (failure.code, failure.retryable) == ("model_unavailable", True)
    assert "127.0.0.1" not in failure.message


async def test_a_refused_account_is_told_without_a_retry() -> None:
    """An operator has to act, and asking again would not help."""
    async with scripted_bedrock([Step(fault="access_denied")]) as bedrock:
        failure = failure_of(await events_of(new_desk(bedrock.url)))
        assert bedrock.requests == 1
    assert (failure.code, failure.retryable) == ("model_refused", False)


async def test_a_model_that_stalls_is_given_up_within_its_idle_time() -> None:
    """A stream that says nothing for long counts as broken."""
    stall = Step(fault="stall", reply=say(ANSWER).reply, after=2, seconds=5)
    async with scripted_bedrock([stall, say(ANSWER)]) as bedrock:
        events = await events_of(new_desk(bedrock.url, idle_seconds=0.3))
    assert answer_of(events).answer == "Bob is **CUST003** (aurora)."
