"""The chat over a fake desk, as a program that a test drives through a terminal.

The desk answers by the question's first word; see ``SCRIPTS``.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from agent.entrypoints.cli import deskhand
from agent.turns import (
    Answered,
    Failed,
    Question,
    Reset,
    TextDelta,
    ToolFinished,
    ToolStarted,
    TurnEvent,
)
from tests.agent.entrypoints.fake_desk import (
    FakeConversations,
    FakeDesk,
    FakeTurn,
    Script,
    about_bob,
    answer_of,
    failing,
    never_ending,
    saying,
    stack_with,
)

INJECTIONS = Path(__file__).parents[2] / "data" / "injections.json"
LONG = "\n".join(f"- line {number}" for number in range(60))


async def waiting(question: Question) -> AsyncIterator[TurnEvent]:
    """A tool that never comes back."""
    yield ToolStarted(id="c", system="profile", tool="profile___get_customer_profile", input={})
    await asyncio.Event().wait()


async def gated(question: Question) -> AsyncIterator[TurnEvent]:
    """An answer that ends when the test opens the gate, a named pipe in the state folder."""
    yield TextDelta(text="At the gate.")
    await asyncio.to_thread(Path(os.environ["DESKHAND_STATE_DIR"], "gate").read_text)
    yield Answered(answer=answer_of(question, "At the gate."))


async def broken_tool(question: Question) -> AsyncIterator[TurnEvent]:
    """A tool whose system does not answer."""
    yield ToolStarted(id="c", system="catalog", tool="get_product", input={"product_id": 3})
    yield ToolFinished(id="c", ok=False, ms=2100, error="unavailable")
    answer = answer_of(question, "The catalogue.", outcome="unavailable", unavailable=["catalog"])
    yield Answered(answer=answer)


async def started_again(question: Question) -> AsyncIterator[TurnEvent]:
    """Text that is thrown away after a block of it was shown."""
    yield TextDelta(text="Wrong start.\n\nMore of")
    yield Reset()
    yield TextDelta(text="Right answer.")
    yield Answered(answer=answer_of(question, "Right answer."))


async def preamble(question: Question) -> AsyncIterator[TurnEvent]:
    """Words before a tool call, which do not belong to the answer."""
    yield TextDelta(text="Let me look.")
    yield ToolStarted(id="c", system="aurora", tool="get_order", input={"order_id": 1})
    yield ToolFinished(id="c", ok=True, ms=5, rows=1)
    yield Reset()
    yield TextDelta(text="Order 1.")
    yield Answered(answer=answer_of(question, "Order 1."))


async def hostile(question: Question) -> AsyncIterator[TurnEvent]:
    """Every hostile text of the collection, in a tool's input and in the answer."""
    for number, case in enumerate(json.loads(INJECTIONS.read_text("utf-8"))["cases"]):
        text = case["text"]
        yield ToolStarted(id=str(number), system="catalog", tool="t", input={"text": text})
        yield ToolFinished(id=str(number), ok=True, ms=1, rows=1)
        yield TextDelta(text=f"{text}\n\n")
    tail = "&#27;[31mred \x1b]0;title\x07 \x9b2J end-of-hostile"
    yield TextDelta(text=tail)
    yield Failed(code="internal", message=f"Broke {tail}", retryable=False)


SCRIPTS: dict[str, Script] = {
    "hostile": hostile,
    "gate": gated,
    "busy": failing("conversation_busy", "This conversation is still answering."),
    "long": saying(LONG),
    "preamble": preamble,
    "reset": started_again,
    "stuck": never_ending,
    "tool": broken_tool,
    "wait": waiting,
}


async def by_first_word(question: Question) -> AsyncIterator[TurnEvent]:
    """Follows the script that the question's first word names."""
    script = SCRIPTS.get(question.text.split()[0], about_bob)
    if question.text.startswith("echo"):
        script = saying(f"said: {question.text!r}")
    async for event in script(question):
        yield event


def main() -> None:
    """Runs the command line with a desk whose store holds one conversation."""
    turns = [FakeTurn(f"question {number}", f"answer {number}") for number in range(1, 6)]
    store = FakeConversations({"earlier": turns})
    desk = FakeDesk(by_first_word, conversations=store)
    store.down = "down" in sys.argv[2:]
    arguments = [argument for argument in sys.argv[1:] if argument != "down"]
    deskhand(arguments, obj=stack_with(desk, rep="tester", max_question_characters=8000))


if __name__ == "__main__":
    main()
