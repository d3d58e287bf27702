"""Mutants that mix up conversations, guess who is meant, or do nothing at all."""

from __future__ import annotations

import pytest

from agent import Answered, Question, Rep, TurnEvent
from evals.mutation import all_mutants
from evals.runner import AskedDesk
from tests.evals.mutation.held import mutant
from tests.evals.scripted_desk import ScriptedDesk, answered, called

CONVERSATION = "evals-some-case-1-0123456789ab-main"


def asking(text: str, conversation: str = CONVERSATION, rep: str = "evals") -> Question:
    """A question in a conversation."""
    return Question(rep=Rep(rep_id=rep), conversation_id=conversation, text=text)


async def ask(desk: AskedDesk, question: Question) -> list[TurnEvent]:
    """All events of a question."""
    return [event async for event in desk.ask(question)]


async def test_lost_history_begins_anew_with_every_question() -> None:
    """No two questions are asked in one conversation."""
    inner = ScriptedDesk({"hi": answered("Hello.")})
    desk = mutant("lost-history").desk(inner)
    for _ in range(2):
        await ask(desk, asking("hi"))
    assert len({question.conversation_id for question in inner.asked}) == 2


async def test_foreign_history_begins_with_a_stranger() -> None:
    """Once for each conversation, and not about anybody of whom the rep speaks."""
    inner = ScriptedDesk({"orders of CUST001?": answered("None.")})
    desk = mutant("foreign-history").desk(inner)
    for _ in range(2):
        await ask(desk, asking("orders of CUST001?"))
    texts = [question.text for question in inner.asked]
    assert texts == ["Which orders has CUST002?", "orders of CUST001?", "orders of CUST001?"]


async def test_mixed_conversations_are_one() -> None:
    """Those of one case share what was said, and those of another case do not."""
    inner = ScriptedDesk({"hi": answered("Hello.")})
    desk = mutant("mixed-conversations").desk(inner)
    for name, rep in (("a", "ann"), ("b-2", "ben")):
        await ask(desk, asking("hi", f"evals-x-1-0123456789ab-{name}", rep))
    await ask(desk, asking("hi", "evals-x-1-ba9876543210-a"))
    ids = [question.conversation_id for question in inner.asked]
    assert ids == ["evals-x-1-0123456789ab"] * 2 + ["evals-x-1-ba9876543210"]
    assert {question.rep.rep_id for question in inner.asked} == {"everybody"}


async def test_the_first_of_several_is_taken() -> None:
    """The rep is not asked; calls and costs of both steps are the turn's."""
    usage = {"model_calls": 2}
    which = "CUST007 or CUST008?"
    inner = ScriptedDesk(
        {
            "Ana": answered(which, called("find_customers"), outcome="clarify", usage=usage),
            "CUST007": answered("Ana is Gold.", called("list_orders"), usage=usage),
        }
    )
    last = (await ask(mutant("picks-first").desk(inner), asking("Ana")))[-1]
    assert isinstance(last, Answered)
    assert last.answer.answer == "Ana is Gold."
    assert [call.tool for call in last.answer.tool_calls] == ["find_customers", "list_orders"]
    assert last.answer.usage.model_calls == 4


async def test_one_candidate_is_none_to_choose_from() -> None:
    """A question back that names one customer or none is left alone."""
    inner = ScriptedDesk({"Ana": answered("Which Ana?", outcome="clarify")})
    last = (await ask(mutant("picks-first").desk(inner), asking("Ana")))[-1]
    assert isinstance(last, Answered)
    assert last.answer.answer == "Which Ana?"


@pytest.mark.parametrize(
    ("mutant_id", "text", "outcome"),
    [
        ("refuses-everything", "I am sorry, I cannot help with that.", "refused"),
        ("knows-nothing", "I don't know.", "not_found"),
        ("says-nothing", "", "answered"),
    ],
)
async def test_a_dumb_desk_asks_nobody(mutant_id: str, text: str, outcome: str) -> None:
    """It has one answer for everything."""
    inner = ScriptedDesk({"hi": answered("Hello.")})
    desk = mutant(mutant_id).desk(inner)
    last = (await ask(desk, asking("hi")))[-1]
    assert isinstance(last, Answered)
    assert (last.answer.answer, last.answer.outcome) == (text, outcome)
    assert (inner.asked, desk.tools, desk.model_id) == ([], inner.tools, inner.model_id)


def test_there_are_three_dumb_desks() -> None:
    """They measure the suite and are meant for no scorer."""
    dumb = [mutant for mutant in all_mutants() if mutant.group == "dumb"]
    assert [mutant.meant_for for mutant in dumb] == [(), (), ()]
