"""The story of a call, at the console's public door, on the real local stack."""

from __future__ import annotations

import asyncio
import json
import uuid

import pytest

from deploy.local.stack import LocalStack
from tests.agent.entrypoints.console.browsing import (
    Served,
    browser,
    events_of,
    text_of,
)

pytestmark = pytest.mark.stack

CUST003 = "Who is customer CUST003, and which orders does he have?"


async def test_a_rep_signs_in_asks_and_finds_it_all_again(
    served: Served, conversation: str
) -> None:
    """The stream that was seen and the turn that is loaded later say the same."""
    async with browser(served.url, "sam") as sam:
        assert sam.me["rep"] == {"id": "sam", "name": "Sam Rivera"}
        assert sam.me["model_is_understudy"]
        events = events_of((await sam.ask(conversation, CUST003)).text)
        loaded = await sam.conversation(conversation)
        listed = (await sam.get("/api/conversations")).json()["conversations"]
    assert [event["number"] for event in events] == list(range(1, len(events) + 1))
    assert (events[0]["type"], events[-1]["type"]) == ("RUN_STARTED", "RUN_FINISHED")
    [turn] = loaded["turns"]
    assert turn["answer"] == events[-1]["result"]
    assert turn["answer"]["answer"] == text_of(events).strip()
    seen = {
        event["toolCallId"]: (json.loads(event["content"]), event["metadata"]["deskhand"])
        for event in events
        if event["type"] == "TOOL_CALL_RESULT"
    }
    kept = {
        call["id"]: (call["data"], {name: call[name] for name in ("ok", "ms", "rows", "error")})
        for call in turn["calls"]
    }
    assert kept == seen
    assert {"aurora", "profile"} <= {call["system"] for call in turn["calls"]}
    assert (turn["stopped"], turn["thumb"], loaded["run"]) == (False, None, None)
    [line] = [line for line in listed if line["id"] == conversation]
    assert (line["title"], line["turns"], line["answering"]) == (CUST003, 1, False)


async def test_a_follow_up_knows_what_was_said_and_the_last_question_can_be_asked_anew(
    served: Served, conversation: str
) -> None:
    """A pronoun finds its customer; the new question takes the old one's place."""
    async with browser(served.url, "sam") as sam:
        await sam.ask(conversation, "Who is CUST003?")
        second = events_of((await sam.ask(conversation, "Which orders does she have?")).text)[-1]
        last = second["result"]["turn_id"]
        anew = events_of(
            (await sam.ask(conversation, "Which orders does he have?", replaces=last)).text
        )[-1]
        loaded = await sam.conversation(conversation)
        again = events_of((await sam.ask(conversation, "Once more?", replaces=last)).text)[-1]
    assert "CUST003" in json.dumps(anew["result"]["tool_calls"])
    questions = [turn["question"] for turn in loaded["turns"]]
    assert questions == ["Who is CUST003?", "Which orders does he have?"]
    assert (again["type"], again["code"]) == ("RUN_ERROR", "bad_question")


async def test_the_first_question_asked_anew_gives_the_conversation_its_title(
    served: Served, conversation: str
) -> None:
    """Unless the rep has given it one."""
    titles = []
    async with browser(served.url, "sam") as sam:
        for text in ("Who is CUST001?", "Who is CUST002?", "Who is CUST004?"):
            loaded = (await sam.get(f"/api/conversations/{conversation}")).json()
            last = loaded["turns"][-1]["turn_id"] if "turns" in loaded else None
            await sam.ask(conversation, text, replaces=last)
            titles.append((await sam.conversation(conversation))["title"])
            if text == "Who is CUST002?":
                path = f"/api/conversations/{conversation}"
                assert (await sam.change("PATCH", path, {"title": " A\ncall "})).status_code == 204
        loaded = await sam.conversation(conversation)
    assert titles == ["Who is CUST001?", "Who is CUST002?", "A call"]
    assert [turn["question"] for turn in loaded["turns"]] == ["Who is CUST004?"]


async def test_another_rep_finds_nothing_of_it(served: Served, conversation: str) -> None:
    """404 for every address under it, as for one that is not there; no line in a list."""
    run_id, path = uuid.uuid4().hex, f"/api/conversations/{conversation}"
    async with browser(served.url, "sam") as sam, browser(served.url, "kim") as kim:
        ended = events_of((await sam.ask(conversation, CUST003, run_id=run_id)).text)[-1]
        turn_id = ended["result"]["turn_id"]
        refused = [
            await kim.get(path),
            await kim.get(f"{path}/export"),
            await kim.get(f"{path}/runs/{run_id}/events"),
            await kim.change("POST", f"{path}/runs/{run_id}/stop"),
            await kim.ask(conversation, "And his orders?", run_id=run_id),
            await kim.change("PATCH", path, {"title": "Mine"}),
            await kim.change("POST", f"{path}/turns/{turn_id}/thumb", {"value": "up"}),
            await kim.change("DELETE", path),
        ]
        listed = (await kim.get("/api/conversations")).json()["conversations"]
        loaded = await sam.conversation(conversation)
    assert [answer.status_code for answer in refused] == [404] * len(refused)
    assert {answer.json()["error"]["code"] for answer in refused} == {"not_found"}
    assert conversation not in [line["id"] for line in listed]
    assert (loaded["title"], len(loaded["turns"]), loaded["turns"][0]["thumb"]) == (
        CUST003,
        1,
        None,
    )


async def test_conversations_are_found_renamed_judged_exported_and_deleted(
    served: Served, conversation: str
) -> None:
    """All that a rep does with them besides asking."""
    path = f"/api/conversations/{conversation}"
    async with browser(served.url, "kim") as kim:
        ended = events_of((await kim.ask(conversation, CUST003)).text)[-1]
        thumb = f"{path}/turns/{ended['result']['turn_id']}/thumb"
        judged = await kim.change("POST", thumb, {"value": "down", "reason": "Too long"})
        title = f"Bob's call {conversation[:8]}"
        renamed = await kim.change("PATCH", path, {"title": title})
        found = await kim.get(f"/api/conversations?find=BOB'S CALL {conversation[:8]}")
        loaded = await kim.conversation(conversation)
        markdown = await kim.get(f"{path}/export")
        document = await kim.get(f"{path}/export?format=json")
        other = await kim.get(f"{path}/export?format=pdf")
        taken_back = await kim.change("POST", thumb, {"value": None})
        thumb_left = (await kim.conversation(conversation))["turns"][0]["thumb"]
        deleted = await kim.change("DELETE", path)
        gone = await kim.get(path)
        listed = (await kim.get(f"/api/conversations?find={conversation[:8]}")).json()
    changes = [judged, renamed, taken_back, deleted]
    assert [answer.status_code for answer in changes] == [204] * 4
    assert [line["title"] for line in found.json()["conversations"]] == [title]
    assert loaded["turns"][0]["thumb"] == {"value": "down", "reason": "Too long"}
    assert markdown.headers["content-disposition"].startswith('attachment; filename="Bob-s-call')
    assert markdown.text.startswith(f"# {title}\n")
    for words in (CUST003, "- aurora `", "Bob Johnson", "thumb down: Too long"):
        assert words in markdown.text
    assert document.json() == {"id": conversation, "title": title, "turns": loaded["turns"]}
    assert (other.status_code, thumb_left, gone.status_code) == (400, None, 404)
    assert listed == {"conversations": []}


async def test_the_panel_holds_what_the_tools_say_of_a_customer(served: Served) -> None:
    """With the time at which it was read; an id that cannot be one is refused in words."""
    async with browser(served.url, "sam") as sam:
        panel = (await sam.get("/api/customers/CUST003")).json()
        unknown = (await sam.get("/api/customers/CUST999")).json()
        refused = await sam.get("/api/customers/%20")
    assert panel["customer"]["first_name"] == "Bob"
    assert panel["orders"]["total"] >= 1
    assert panel["read_at"].endswith("+00:00")
    assert not unknown["found"]
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "invalid_input")


async def test_a_system_that_is_down_is_named_in_the_strip(
    local_stack: LocalStack, served: Served
) -> None:
    """And nothing of its driver's words."""
    await asyncio.to_thread(local_stack.stop, "gateway")
    async with browser(served.url, "sam") as sam:
        found = (await sam.get("/api/systems")).json()["systems"]
    assert {line["system"] for line in found if not line["ok"]} == {"warranty", "profile"}
    assert all(set(line) == {"system", "ok", "detail"} for line in found)


async def test_while_the_store_is_down_answers_go_on_and_the_list_says_why_it_is_not_there(
    local_stack: LocalStack, served: Served, conversation: str
) -> None:
    """The rep reads that nothing is lost, and finds it when the store is back."""
    async with browser(served.url, "sam") as sam:
        await sam.ask(conversation, "Who is CUST003?")
        await asyncio.to_thread(local_stack.stop, "dynamodb")
        ended = events_of((await sam.ask(conversation, "Which orders does he have?")).text)[-1]
        path = f"/api/conversations/{conversation}"
        refused = [
            await sam.get("/api/conversations"),
            await sam.get(path),
            await sam.change("PATCH", path, {"title": "x"}),
            await sam.change("DELETE", path),
        ]
        await asyncio.to_thread(local_stack.start, "dynamodb")
        await sam.ask(conversation, "Thanks")
        turns = (await sam.conversation(conversation))["turns"]
    assert "conversations" in ended["result"]["unavailable"]
    assert "could not be saved" in ended["result"]["answer"]
    assert [answer.status_code for answer in refused] == [503] * 4
    assert {answer.json()["error"]["code"] for answer in refused} == {"unavailable"}
    assert [turn["question"] for turn in turns][:2] == [
        "Who is CUST003?",
        "Which orders does he have?",
    ]


async def test_every_example_question_has_an_answer_in_the_data(served: Served) -> None:
    """An empty console offers nothing that it cannot do."""
    async with browser(served.url, "sam") as sam:
        outcomes = []
        for question in sam.me["examples"]:
            ended = events_of((await sam.ask(str(uuid.uuid4()), question)).text)[-1]
            outcomes.append(ended["result"]["outcome"])
    assert outcomes == ["answered"] * 3


async def test_a_long_conversation_is_loaded_from_its_end(
    served: Served, conversation: str
) -> None:
    """The newest turns first, with how many there are before them."""
    async with browser(served.url, "sam") as sam:
        for number in range(1, 6):
            await sam.ask(conversation, f"Who is CUST00{number}?")
        path = f"/api/conversations/{conversation}"
        newest = (await sam.get(f"{path}?latest=2")).json()
        before = (await sam.get(f"{path}?latest=2&before={newest['earlier'] + 1}")).json()
        first = (await sam.get(f"{path}?latest=2&before={before['earlier'] + 1}")).json()
        none = (await sam.get(f"{path}?latest=2&before=1")).json()
        wrong = await sam.get(f"{path}?latest=-1")
    asked = [[turn["question"][-2] for turn in page["turns"]] for page in (first, before, newest)]
    assert asked == [["1"], ["2", "3"], ["4", "5"]]
    assert [page["earlier"] for page in (first, before, newest)] == [0, 1, 3]
    assert (none["title"], none["turns"], none["earlier"]) == (newest["title"], [], 0)
    assert wrong.status_code == 400
