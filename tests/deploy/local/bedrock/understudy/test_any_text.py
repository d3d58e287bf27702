"""Whatever a rep types and a tool gives back: an answer with an outcome, in few rounds."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from deploy.local.bedrock.understudy import respond
from deploy.local.bedrock.understudy.reading.keywords import KNOWN
from tests.deploy.local.bedrock.understudy.fake_desk import FakeDesk
from tests.deploy.local.bedrock.understudy.fake_specs import SPECS

OUTCOMES = {"answered", "clarify", "not_found", "refused"}
_WORDS = some.sampled_from(
    sorted(KNOWN)
    + "CUST001 cust-3 REV002 LAPTOP001A1B2C john doe Jane laptop #3 $20 2024-02-01".split()
    + "? , . ! 'x'".split()
)
_JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=20),
    lambda inner: (
        some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=9), inner, max_size=4)
    ),
    max_leaves=12,
)
_RESULT_KEYS = some.sampled_from(
    "customers orders order customer products product reviews review warranties warranty profile"
    " profiles groups rows total sum truncated error found discrepancies lifetime overall ratings"
    " average_rating".split()
)


@settings(max_examples=150, deadline=None)
@given(some.lists(some.text(max_size=200), min_size=1, max_size=3))
def test_any_text_ends_with_an_outcome(turns: list[str]) -> None:
    """Letters of any script, control characters and nothing at all are answered."""
    desk = FakeDesk()
    assert all(desk.ask(text).outcome in OUTCOMES for text in turns)


@settings(max_examples=250, deadline=None)
@given(some.lists(some.lists(_WORDS, max_size=14).map(" ".join), min_size=1, max_size=3))
def test_any_heap_of_known_words_ends_with_an_outcome(turns: list[str]) -> None:
    """Words of the tables in any order reach every rule, and none of them fails."""
    desk = FakeDesk()
    for text in turns:
        told = desk.ask(text)
        assert told.outcome in OUTCOMES
        assert len(told.calls) <= 12


_STORY_WORDS = some.one_of(
    _WORDS,
    some.sampled_from(
        "the order the parcel Anna Bell, kettle. in a an our and what was paid who handled case"
        ' about it ? "blue jug" she wants 10% off change her address to 7 Mill Lane, if not'
        " cancel it tracking weighs will be left tomorrow should i his age wie viele".split()
    ),
)


@settings(max_examples=80, deadline=None)
@given(some.lists(some.lists(_STORY_WORDS, min_size=20, max_size=120), min_size=1, max_size=2))
def test_any_long_story_ends_with_an_outcome(turns: list[list[str]]) -> None:
    """Long stories of many sentences, requests and names among them, never break a rule."""
    desk = FakeDesk()
    assert all(desk.ask(" ".join(words)).outcome in OUTCOMES for words in turns)


_PIECES = some.sampled_from(
    "the caller Jane Smith|John Doe, CUST001, rang|a parcel came twice|his laptop is broken"
    "|April May wants|order 3|order ABC-9|REV002|the tablet|and the webcam|of the desk chair"
    "|who wrote it|what is the status|in february 2024|not the order|cancel it|is it covered"
    "|how much was it|which of those|and the year before|Doe, Jane|bob's chair|username is jdoe9"
    "|more than 3|5 stars|tell him|the second one|why|weighs|LAPTOP001A1B2C|everyone with|Þóra"
    "|zip 94105|birthday|ugh|“quoted words”|and for Alice|same questions|umbrellas".split("|")
)
_TELLING = some.lists(
    some.tuples(_PIECES, some.sampled_from([" ", ", ", ". ", "? ", " and ", "\n", " - "])),
    min_size=1,
    max_size=60,
).map(lambda pieces: "".join(said + joint for said, joint in pieces))


@settings(max_examples=80, deadline=None)
@given(some.lists(_TELLING, min_size=1, max_size=3))
def test_any_turns_of_a_talk_end_with_an_outcome(turns: list[str]) -> None:
    """Turns that name many things, lean on each other and ask at any place break no rule."""
    desk = FakeDesk()
    for text in turns:
        told = desk.ask(text)
        assert told.outcome in OUTCOMES
        assert len(told.calls) <= 12


@settings(max_examples=150, deadline=None)
@given(some.data())
def test_any_tool_result_is_survived(data: some.DataObject) -> None:
    """A tool that answers in a wrong shape never breaks the answer."""
    asked = data.draw(some.sampled_from(_QUESTIONS))
    messages: list[dict[str, Any]] = [_user(asked)]
    for _ in range(8):
        reply = respond({"messages": messages, "toolConfig": {"tools": _tools()}})
        if reply.stop_reason == "end_turn":
            break
        messages.append({"role": "assistant", "content": reply.content})
        results = [
            _result(block, data.draw(some.dictionaries(_RESULT_KEYS, _JSON, max_size=5)))
            for block in reply.content
        ]
        messages.append({"role": "user", "content": results})
    assert reply.stop_reason == "end_turn"
    assert "<outcome>" in reply.content[-1]["text"]


_QUESTIONS = (
    "who is CUST001 and which orders does he have",
    "tier of john doe",
    "price and reviews of the laptop pro",
    "is LAPTOP001A1B2C covered",
    "everything about CUST001",
    "compare CUST001 and CUST002",
    "compare laptop pro and keyboard",
    "most valuable customers",
    "revenue by month",
    "cheapest product",
    "differences for CUST004",
    "warranties of jane smith",
    "who has x@y.example",
    "order 3",
    "review 2",
    "which customers have no orders",
    "orders over 100",
    "verify CUST001 zip 94105 dob 1985-03-15",
)


def _user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": [{"text": '<turn today="2026-11-22"/>'}, {"text": text}]}


def _tools() -> list[dict[str, Any]]:
    return [{"toolSpec": spec} for spec in SPECS.values()]


def _result(block: dict[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    use = block["toolUse"]
    content = [{"text": json.dumps(result)}]
    return {"toolResult": {"toolUseId": use["toolUseId"], "status": "success", "content": content}}


@settings(max_examples=100, deadline=None)
@given(_JSON)
def test_any_request_body_is_answered(body: Any) -> None:
    """A request of any shape is answered: judging requests is the endpoint's part."""
    reply = respond(body if isinstance(body, dict) else {"messages": body})
    assert reply.stop_reason == "end_turn"


@pytest.mark.parametrize(
    "text",
    [
        "a, " * 3000,
        "x" * 50_000,
        "order " * 3000,
        "who is " * 2000,
        "1 " * 5000,
        "and he is CUST001 " * 900,
    ],
    ids=["commas", "one word", "orders", "questions", "numbers", "clauses"],
)
def test_an_enormous_question_is_answered(text: str) -> None:
    """Length costs neither minutes nor the answer."""
    assert FakeDesk().ask(text).outcome in OUTCOMES


@pytest.mark.parametrize("text", ["ʼ", "orders of ʼ", "is ' ' gold", 'who is " "'])
def test_a_lone_apostrophe_names_nobody(text: str) -> None:
    """Signs without a letter are no name, and nothing is looked up by an empty one."""
    told = FakeDesk().ask(text)
    assert told.outcome in OUTCOMES
    assert all(call.input.get("query") != "" for call in told.calls)


def test_the_same_request_gets_the_same_reply() -> None:
    """The understudy is a function of the request, which it leaves as it was."""
    request = {"messages": [_user("who is CUST001")], "toolConfig": {"tools": _tools()}}
    before = json.dumps(request)
    assert respond(request) == respond(json.loads(before))
    assert json.dumps(request) == before


def test_a_reply_depends_on_every_part_of_the_request() -> None:
    """What was read of one conversation is never taken for another one's."""
    desk = FakeDesk()
    desk.ask("who is CUST001")
    first = {"messages": [*desk.messages, _user("and his orders")]}
    tools = {"toolConfig": {"tools": _tools()}}
    asked = [respond(first | tools).content for _ in range(2)]
    other = json.loads(json.dumps(first | tools).replace("CUST001", "CUST003"))
    assert asked[0] == asked[1]
    assert respond(other).content != asked[0]
    assert respond(first).content != asked[0]


def test_a_turn_without_a_day_is_answered() -> None:
    """A period that needs today's date does not fail when the request holds none."""
    desk = FakeDesk(today=date(1970, 1, 1))
    assert desk.ask("orders last month").outcome == "answered"
