"""Conversations in the browser: found by what was said, exported, and never losing a question."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.async_api import expect

from deploy.local.bedrock.script import Step, say
from deploy.local.bedrock.scripted import ScriptedBedrock
from tests.agent.entrypoints.console.browsing import Served
from tests.browser.conftest import OpenConsole
from tests.browser.pages import ConsolePage

pytestmark = [pytest.mark.stack, pytest.mark.browser]

REFUSED = Step(fault="access_denied")


def answered(text: str) -> Step:
    """A good answer."""
    return say(f"{text} <outcome>answered</outcome>")


async def test_words_of_an_answer_find_its_conversation(
    scripted: Served, scripted_bedrock: ScriptedBedrock, open_console: OpenConsole
) -> None:
    """The title does not hold them; the place in the answer is shown."""
    scripted_bedrock.script.replace([answered("It was the zeppelin of Bob."), answered("No.")])
    sam = await open_console(scripted, asks_systems=False)
    await sam.ask("What did he buy?")
    await sam.page.get_by_role("button", name="New conversation").click()
    await sam.ask("And who else?")
    await sam.page.get_by_label("Find a conversation").fill("bob zeppelin")
    await expect(sam.listed).to_have_count(1)
    await expect(sam.listed).to_contain_text("What did he buy?")
    await expect(sam.listed).to_contain_text("It was the zeppelin of Bob.")
    await sam.page.get_by_label("Find a conversation").fill("nobody ever said this")
    await expect(sam.page.get_by_text("Nothing found in titles")).to_be_visible()


async def exported(sam: ConsolePage, kind: str) -> str:
    """A file that the menu gives."""
    await sam.page.get_by_role("button", name="More about this conversation").click()
    async with sam.page.expect_download() as coming:
        await sam.page.get_by_role("menuitem", name=f"Export as {kind}").click()
    return Path(await (await coming.value).path()).read_text()


async def test_a_conversation_is_taken_along_as_a_file(
    served: Served, open_console: OpenConsole
) -> None:
    """Markdown to read and JSON to work with, both with every call."""
    sam = await open_console(served)
    await sam.ask("Who is CUST003?")
    text, data = await exported(sam, "Markdown"), json.loads(await exported(sam, "JSON"))
    assert "> Who is CUST003?" in text
    assert "Bob Johnson" in text
    [turn] = data["turns"]
    assert turn["question"] == "Who is CUST003?"
    assert {call["tool"] for call in turn["calls"]} >= {"find_customers"}


@pytest.mark.parametrize("before", [0, 1])
async def test_a_failed_question_is_still_there_after_a_reload(
    scripted: Served, scripted_bedrock: ScriptedBedrock, open_console: OpenConsole, before: int
) -> None:
    """With what went wrong and a way to ask again; then one answer is left."""
    steps = [*[answered("First.")] * before, REFUSED, answered("At last.")]
    scripted_bedrock.script.replace(steps)
    sam = await open_console(scripted, asks_systems=False)
    for _ in range(before):
        await sam.ask("The first question?")
    await sam.ask("Does it work?")
    await sam.reload()
    await expect(sam.turns).to_have_count(before + 1)
    await expect(sam.turns.last).to_contain_text("Does it work?")
    await expect(sam.answer.get_by_role("alert")).to_contain_text("tell your operator")
    await sam.answer.get_by_role("button", name="Try again").click()
    await expect(sam.answer).to_contain_text("At last.")
    await sam.settled()
    await sam.reload()
    await expect(sam.turns).to_have_count(before + 1)
    await expect(sam.page.get_by_role("alert")).to_have_count(0)


async def test_a_question_that_fails_while_nobody_looks_is_told_later(
    scripted: Served, scripted_bedrock: ScriptedBedrock, open_console: OpenConsole
) -> None:
    """The rep was in another conversation meanwhile."""
    late = Step(fault="access_denied", seconds=2)
    scripted_bedrock.script.replace([answered("First."), late])
    sam = await open_console(scripted, asks_systems=False)
    await sam.ask("What was there before?")
    await sam.begin("And now?")
    await sam.page.get_by_role("button", name="New conversation").click()
    await expect(sam.turns).to_have_count(0)
    answering = sam.page.locator("[data-answering=true]")
    await expect(answering).to_have_count(1)
    await expect(answering).to_have_count(0)
    await sam.listed.filter(has_text="What was there before?").get_by_role("link").click()
    await expect(sam.turns).to_have_count(2)
    await expect(sam.turns.last).to_contain_text("And now?")
    await expect(sam.answer.get_by_role("alert")).to_contain_text("tell your operator")


async def test_an_edit_that_is_given_up_keeps_the_failed_question(
    scripted: Served, scripted_bedrock: ScriptedBedrock, open_console: OpenConsole
) -> None:
    """Cancel leaves everything as it was; sending puts the new question in the old one's place."""
    scripted_bedrock.script.replace([REFUSED, answered("Better.")])
    sam = await open_console(scripted, asks_systems=False)
    await sam.ask("Is it wrong?")
    await sam.answer.get_by_role("button", name="Edit question").click()
    await expect(sam.page.get_by_text("a question that was not answered")).to_be_visible()
    await sam.page.get_by_role("button", name="Cancel").click()
    await expect(sam.turns).to_have_count(1)
    await sam.answer.get_by_role("button", name="Edit question").click()
    await sam.message.fill("Is it right?")
    await sam.message.press("Enter")
    await expect(sam.answer).to_contain_text("Better.")
    await expect(sam.turns).to_have_count(1)


async def test_a_text_that_is_too_long_is_kept_and_not_sent(
    served: Served, open_console: OpenConsole
) -> None:
    """A hundred kilobytes pasted by mistake: it is said, and nothing is cut off in silence."""
    sam = await open_console(served)
    await sam.message.fill("long " * 20_000)
    await expect(sam.page.locator("#too-long")).to_contain_text("8,000 characters are the most")
    await sam.message.press("Enter")
    await expect(sam.turns).to_have_count(0)
    await sam.message.fill("Who is CUST001?")
    await expect(sam.page.locator("#too-long")).to_be_hidden()


async def test_any_script_is_taken_and_shown(
    scripted: Served, scripted_bedrock: ScriptedBedrock, open_console: OpenConsole
) -> None:
    """Emoji, right to left, marks that combine."""
    said = "👩🏽‍💻 مرحبا، أين طلبي؟ Zé\u0301 שלום"
    scripted_bedrock.script.replace([answered(said)])
    sam = await open_console(scripted, asks_systems=False)
    answer = await sam.ask(said)
    await expect(answer.locator(".prose")).to_have_text(said)
    await sam.reload()
    await expect(sam.turns.locator(".bubble")).to_have_text(said)
    await expect(sam.page.locator("h1")).to_have_text(said)


async def test_the_next_rep_at_the_same_desk_finds_no_draft(
    served: Served, open_console: OpenConsole
) -> None:
    """Neither after a sign-out nor after a session that ended by itself."""
    sam = await open_console(served)
    await sam.message.fill("what Sam typed")
    await sam.context.clear_cookies()
    await sam.sign_in("Kim Osei")
    await expect(sam.page.locator("#rep-name")).to_have_text("Kim Osei")
    await expect(sam.message).to_have_value("")


async def test_a_session_that_ended_comes_back_to_the_same_conversation(
    served: Served, open_console: OpenConsole
) -> None:
    """What was asked without a session is there with a way to ask it again."""
    sam = await open_console(served)
    await sam.ask("Who is CUST003?")
    link = sam.page.url
    await sam.context.clear_cookies()
    await sam.begin("And his warranty?")
    await sam.page.get_by_role("link", name="Sign in again").click()
    await sam.page.get_by_role("link", name="Sign in", exact=True).click()
    await sam.page.get_by_role("button", name="Sam Rivera").click()
    await sam.ready()
    assert sam.page.url == link
    await expect(sam.turns).to_have_count(2)
    await sam.answer.get_by_role("button", name="Try again").click()
    await expect(sam.answer).to_contain_text("TABLET003M5N6P")


async def test_a_tab_goes_on_after_the_same_rep_has_signed_in_again_in_another(
    served: Served, open_console: OpenConsole
) -> None:
    """Nothing has to be loaded anew by hand."""
    sam = await open_console(served)
    other = await sam.tab()
    await sam.context.clear_cookies()
    await other.sign_in("Sam Rivera")
    await expect(await sam.ask("Who is CUST003?")).to_contain_text("Bob Johnson")


async def test_a_tab_of_one_rep_shows_nothing_of_the_next_and_becomes_the_next_ones(
    served: Served, open_console: OpenConsole
) -> None:
    """The cookie belongs to both tabs; the page of the rep before does not."""
    sam = await open_console(served)
    await sam.ask("Who is CUST003?")
    other = await sam.tab()
    await sam.context.clear_cookies()
    await other.sign_in("Kim Osei")
    await sam.message.fill("And his warranty?")
    await sam.message.press("Enter")
    await expect(sam.page.locator("#rep-name")).to_have_text("Kim Osei")
    await sam.ready()
    await expect(sam.turns).to_have_count(0)
    await expect(sam.message).to_have_value("")


async def test_a_link_that_was_cut_leads_to_an_empty_console(
    served: Served, open_console: OpenConsole
) -> None:
    """It names no conversation, before the sign-in and behind it."""
    sam = await open_console(served, path="/sign-in#%")
    await sam.page.goto(f"{served.url}/#50%")
    await sam.page.reload()
    await sam.ready()
    await expect(sam.page.locator("#start-problem")).to_be_hidden()
    await expect(await sam.ask("Who is CUST003?")).to_contain_text("Bob Johnson")


async def test_a_failed_question_can_be_put_away(
    scripted: Served, scripted_bedrock: ScriptedBedrock, open_console: OpenConsole
) -> None:
    """It is gone after a reload too; when nothing else was asked, the page is empty again."""
    scripted_bedrock.script.replace([REFUSED])
    sam = await open_console(scripted, asks_systems=False)
    await sam.ask("Never mind?")
    await sam.answer.get_by_role("button", name="Dismiss").click()
    await expect(sam.page.get_by_role("heading", name="Who is on the line?")).to_be_visible()
    await sam.reload()
    await expect(sam.turns).to_have_count(0)


async def test_a_conversation_deleted_in_one_tab_closes_in_the_other(
    served: Served, open_console: OpenConsole
) -> None:
    """Nobody goes on in a conversation that is not there any more."""
    sam = await open_console(served)
    await sam.ask("Who is CUST003?")
    other = await sam.tab()
    await other.page.get_by_role("button", name="More about this conversation").click()
    await other.page.get_by_role("menuitem", name="Delete…").click()
    await other.page.get_by_role("button", name="Delete", exact=True).click()
    await expect(sam.page.get_by_text("deleted in another tab")).to_be_visible()
    await expect(sam.turns).to_have_count(0)
    assert "#" not in sam.page.url
