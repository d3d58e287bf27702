"""What happens around an answer that is still being written, in a real browser."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from playwright.async_api import expect

from agent.desk import Desk
from agent.entrypoints.console.application import STATIC
from deploy.local.bedrock.script import FaultName, ScriptedReply, Step, say, use
from deploy.local.bedrock.scripted import ScriptedBedrock
from deploy.local.stack import LocalStack
from tests.agent.entrypoints.console.browsing import Served, serving_console
from tests.browser.conftest import OpenConsole
from tests.browser.line import line

pytestmark = [pytest.mark.stack, pytest.mark.browser]

WORDS = "Slow words of a long answer. " * 20
LAST = "These are the last words."
PANE = "get_customer_360", {"customer_id": "CUST002"}

# What the last answer says after every change of it, and how many errors were shown.
FRAMES = """
() => {
  Object.assign(window, { frames_seen: [], alerts_seen: 0 });
  new MutationObserver(() => {
    window.frames_seen.push(document.querySelector('.turn:last-child .answer')?.innerText ?? '');
    window.alerts_seen += document.querySelectorAll('.turn [role=alert], .toast.bad').length;
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}
"""


def slowly(seconds: float) -> Step:
    """An answer with a pause in the middle."""
    reply = ScriptedReply([{"text": f"{WORDS}{LAST} <outcome>answered</outcome>"}])
    return Step(fault="stall", reply=reply, after=8, seconds=seconds)


@pytest.fixture
async def pausing(scripted: Served, scripted_bedrock: ScriptedBedrock) -> AsyncIterator[Served]:
    """A console whose model pauses in mid-answer for three seconds."""
    scripted_bedrock.script.replace([slowly(3), say("Second. <outcome>answered</outcome>")])
    yield scripted


async def test_a_reload_in_mid_answer_loses_and_doubles_nothing(
    pausing: Served, open_console: OpenConsole
) -> None:
    """The run goes on without its reader, and the page takes it up again."""
    sam = await open_console(pausing, asks_systems=False)
    await sam.begin("Talk slowly.")
    await expect(sam.answer).to_contain_text("Slow words")
    await sam.reload()
    await expect(sam.turns).to_have_count(1)
    await expect(sam.answer).to_contain_text("Slow words")
    await sam.settled()
    text = await sam.answer.locator(".prose").inner_text()
    assert text.strip() == f"{WORDS}{LAST}"


async def test_escape_stops_at_once_and_the_next_question_is_answered(
    scripted: Served, scripted_bedrock: ScriptedBedrock, open_console: OpenConsole
) -> None:
    """What was said stays and is marked; the box is free again."""
    scripted_bedrock.script.replace([slowly(30), say("Second. <outcome>answered</outcome>")])
    sam = await open_console(scripted, asks_systems=False)
    await sam.begin("Talk slowly.")
    await expect(sam.answer).to_contain_text("Slow words")
    began = time.monotonic()
    await sam.page.keyboard.press("Escape")
    await expect(sam.answer).to_contain_text("Stopped by you")
    assert time.monotonic() - began < 1
    await expect(sam.answer).not_to_contain_text(LAST)
    answer = await sam.ask("Go on.")
    await expect(answer).to_contain_text("Second.")
    await sam.reload()
    await expect(sam.turns.first).to_contain_text("Stopped by you")


async def test_a_stop_before_the_first_word_does_not_speak_of_words(
    scripted: Served, scripted_bedrock: ScriptedBedrock, open_console: OpenConsole
) -> None:
    """The button, while the model still thinks."""
    scripted_bedrock.script.replace([replace(slowly(30), after=0)])
    sam = await open_console(scripted, asks_systems=False)
    await sam.begin("Talk slowly.")
    await expect(sam.answer).to_contain_text("Reading the question…")
    await sam.page.get_by_role("button", name="Stop").click()
    await expect(sam.answer).to_contain_text("Stopped by you before anything was said.")
    await sam.settled()


@pytest.mark.parametrize("fault", ["stream_exception", "silent_end"])
async def test_a_broken_answer_is_taken_back_and_written_anew(
    scripted: Served,
    scripted_bedrock: ScriptedBedrock,
    open_console: OpenConsole,
    fault: FaultName,
) -> None:
    """The half goes before the whole comes; at no time are both there, or an error."""
    half = ScriptedReply([{"text": "Half an answer that breaks off. " * 9}])
    whole = f"{WORDS}{LAST}"
    scripted_bedrock.script.replace(
        [use(PANE), Step(fault=fault, reply=half, after=9), replace(slowly(1), after=0)]
    )
    sam = await open_console(scripted, asks_systems=False)
    await sam.page.evaluate(FRAMES)
    await sam.begin("Who is CUST002?")
    await expect(sam.answer).to_contain_text(LAST)
    await sam.settled()
    frames = await sam.page.evaluate("() => window.frames_seen")
    assert any("Half" in frame for frame in frames)
    assert any("broke off, it is being written anew" in frame for frame in frames)
    assert not any("Half" in frame and "Slow words" in frame for frame in frames)
    assert await sam.page.evaluate("() => window.alerts_seen") == 0
    assert (await sam.answer.locator(".prose").inner_text()).strip() == whole
    await expect(sam.answer.locator(".tool")).to_have_count(1)
    await sam.reload()
    assert (await sam.answer.locator(".prose").inner_text()).strip() == whole


async def test_a_second_tab_sees_the_same_answer_come(
    pausing: Served, open_console: OpenConsole
) -> None:
    """Two tabs on one conversation show one run, and neither can start another."""
    sam = await open_console(pausing, asks_systems=False)
    await sam.begin("Talk slowly.")
    await expect(sam.answer).to_contain_text("Slow words")
    other = await sam.tab()
    await expect(other.page.get_by_role("button", name="Stop")).to_be_visible()
    await other.settled()
    await sam.settled()
    await expect(other.answer).to_contain_text(LAST)
    await expect(other.turns).to_have_count(1)


async def test_another_conversation_gets_nothing_of_this_answer(
    pausing: Served, open_console: OpenConsole
) -> None:
    """A switch in mid-answer: the first goes on where it belongs."""
    sam = await open_console(pausing, asks_systems=False)
    await sam.begin("Talk slowly.")
    await expect(sam.answer).to_contain_text("Slow words")
    await sam.page.get_by_role("button", name="New conversation").click()
    await expect(sam.turns).to_have_count(0)
    answer = await sam.ask("Something else?")
    await expect(answer).to_contain_text("Second.")
    await expect(answer).not_to_contain_text("Slow words")
    await sam.listed.filter(has_text="Talk slowly.").first.get_by_role("link").click()
    await expect(sam.answer).to_contain_text(LAST)
    await expect(sam.turns).to_have_count(1)


async def test_a_lost_connection_is_told_and_taken_up_again(
    scripted_desk: Desk,
    scripted_bedrock: ScriptedBedrock,
    local_stack: LocalStack,
    open_console: OpenConsole,
) -> None:
    """A line that breaks in mid-answer: the page says so, and has all of it once in the end."""
    scripted_bedrock.script.replace([slowly(4)])
    issuer = local_stack.environment["DESKHAND_ISSUER_URL"]
    async with (
        line() as way,
        serving_console(scripted_desk, issuer, STATIC, origin=way.url) as behind,
    ):
        way.to_port = int(behind.url.rpartition(":")[2])
        sam = await open_console(Served(way.url, behind.server, behind.task), asks_systems=False)
        await sam.begin("Talk slowly.")
        await expect(sam.answer).to_contain_text("Slow words")
        way.cut()
        await expect(sam.answer).to_contain_text("Connection lost")
        way.mend()
        await sam.settled()
        text = await sam.answer.locator(".prose").inner_text()
        await sam.page.close()
    assert text.strip() == f"{WORDS}{LAST}"


async def test_a_restarted_server_is_told_and_the_question_can_be_asked_again(
    scripted: Served,
    scripted_desk: Desk,
    scripted_bedrock: ScriptedBedrock,
    local_stack: LocalStack,
    open_console: OpenConsole,
) -> None:
    """What had been said is stored when the process ends; the page shows it when it is back."""
    scripted_bedrock.script.replace([slowly(30), say("Second. <outcome>answered</outcome>")])
    sam = await open_console(scripted, asks_systems=False)
    await sam.begin("Talk slowly.")
    await expect(sam.answer).to_contain_text("Slow words")
    await scripted.end()
    port = int(scripted.url.rpartition(":")[2])
    issuer = local_stack.environment["DESKHAND_ISSUER_URL"]
    async with serving_console(scripted_desk, issuer, STATIC, port=port):
        await sam.settled()
        await expect(sam.turns).to_have_count(1)
        await expect(sam.answer).to_contain_text("Slow words")
        answer = await sam.ask("Again?")
        await expect(answer).to_contain_text("Second.")


async def test_a_failed_turn_says_what_to_do_and_is_tried_again(
    scripted: Served, scripted_bedrock: ScriptedBedrock, open_console: OpenConsole
) -> None:
    """The question is kept, Try again asks it once more, and one turn is left."""
    refused = Step(fault="access_denied")
    scripted_bedrock.script.replace([refused, say("Now. <outcome>answered</outcome>")])
    sam = await open_console(scripted, asks_systems=False)
    answer = await sam.ask("Who is there?")
    await expect(answer.get_by_role("alert")).to_contain_text("tell your operator")
    await answer.get_by_role("button", name="Try again").click()
    await expect(sam.answer).to_contain_text("Now.")
    await expect(sam.turns).to_have_count(1)


async def test_the_last_question_is_edited_and_asked_anew(
    scripted: Served, scripted_bedrock: ScriptedBedrock, open_console: OpenConsole
) -> None:
    """Its answer is replaced, on the page and in the store."""
    replies = [say(f"{word}. <outcome>answered</outcome>") for word in ("First", "Second")]
    scripted_bedrock.script.replace(replies)
    sam = await open_console(scripted, asks_systems=False)
    await sam.ask("Wrong qestion?")
    await sam.page.keyboard.press("Alt+KeyE")
    await expect(sam.message).to_have_value("Wrong qestion?")
    await sam.message.fill("Right question?")
    await sam.message.press("Enter")
    await expect(sam.answer).to_contain_text("Second.")
    await sam.settled()
    await sam.reload()
    await expect(sam.turns).to_have_count(1)
    await expect(sam.turns.last).to_contain_text("Right question?")


async def test_a_suggested_reply_is_copied_on_its_own(
    scripted: Served, scripted_bedrock: ScriptedBedrock, open_console: OpenConsole
) -> None:
    """It goes to the clipboard and nowhere else."""
    text = (
        "She is **Gold**.\n\n**Suggested reply:**\n\n> Hello Jane,\n>\n> - it has **ended**.\n>\n"
        "> a \\* b\n\nThat is all."
    )
    scripted_bedrock.script.replace([use(PANE), say(f"{text}\n<outcome>answered</outcome>")])
    sam = await open_console(scripted, asks_systems=False)
    answer = await sam.ask("What do I tell her?")
    await answer.get_by_role("button", name="Copy suggested reply").click()
    await expect(sam.page.get_by_text("It has not been sent.")).to_be_visible()
    copied = await sam.page.evaluate("() => navigator.clipboard.readText()")
    assert copied == "Hello Jane,\n\n- it has ended.\n\na * b"


async def test_a_conversation_that_a_dead_server_holds_is_waited_for(
    served_desk: Desk, served: Served, open_console: OpenConsole
) -> None:
    """Its lock ends by itself; the page says that it waits, and asks then."""
    sam = await open_console(served)
    await sam.ask("Who is CUST003?")
    name = sam.page.url.rpartition("#")[2]
    async with served_desk.conversations.turn("sam", name):
        await sam.begin("And his warranty?")
        await expect(sam.answer).to_contain_text("Waiting until the conversation is free")
    await expect(sam.answer).to_contain_text("TABLET003M5N6P")
    await sam.settled()
    await expect(sam.turns).to_have_count(2)


async def test_a_question_lost_with_its_server_is_shown_beside_the_same_one_before(
    scripted: Served, scripted_bedrock: ScriptedBedrock, open_console: OpenConsole
) -> None:
    """Asked twice in the same words: the first answer is not taken for the second's."""
    scripted_bedrock.script.replace([say("Once. <outcome>answered</outcome>"), slowly(30)])
    sam = await open_console(scripted, asks_systems=False)
    await sam.ask("Once more?")
    await sam.begin("Once more?")
    await expect(sam.answer).to_contain_text("Slow words")
    await sam.page.route("**/events?after=*", lambda route: route.fulfill(status=404, json={}))
    name = sam.page.url.rpartition("#")[2]
    stored = await sam.page.evaluate(
        f"() => fetch('/api/conversations/{name}').then((a) => a.json())"
    )
    await sam.page.route(
        f"**/api/conversations/{name}?*", lambda route: route.fulfill(json=stored | {"run": None})
    )
    await sam.reload()
    await expect(sam.turns).to_have_count(2)
    await expect(sam.answer.get_by_role("alert")).to_contain_text("was not answered")
