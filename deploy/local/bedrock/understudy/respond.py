"""The understudy: one Converse request in, tool calls or an answer out, by rules alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from deploy.local.bedrock.understudy.answering.answering import answer_all, outcome_of, text_of
from deploy.local.bedrock.understudy.answering.drafting import with_draft
from deploy.local.bedrock.understudy.answering.lookups import Lookups
from deploy.local.bedrock.understudy.answering.sections import Section
from deploy.local.bedrock.understudy.answering.talking import talk
from deploy.local.bedrock.understudy.answering.working import Work
from deploy.local.bedrock.understudy.asking.asks import Context
from deploy.local.bedrock.understudy.asking.drafting import as_asked, wants_draft
from deploy.local.bedrock.understudy.asking.understanding import Understood, understand
from deploy.local.bedrock.understudy.conversation import Turn, read_conversation
from deploy.local.bedrock.understudy.remembering import remember
from deploy.local.bedrock.understudy.reply import Block, Reply, tokens_of

MOST_ROUNDS = 6
REMEMBERED_TURNS = 12


def respond(request: Mapping[str, Any]) -> Reply:
    """Answers a Converse request: pure, and the same for the same request."""
    conversation = read_conversation(request)
    size = len(json.dumps(request, default=str))
    if not conversation.turns:
        return _final([talk("empty", "")], Work(Lookups({}, ()), Context(), ()), size)
    context, turns = Context(), as_asked(conversation.turns)
    for turn in turns[-REMEMBERED_TURNS - 1 : -1]:
        _, understood, sections = _work(turn, conversation.schemas, context, closed=True)
        context = remember(context, understood, sections or [])
    now = turns[-1]
    work, _, done = _work(now, conversation.schemas, context, closed=now.rounds >= MOST_ROUNDS)
    if work.look.needed:
        return _calls(work.look, now, size)
    drafts = wants_draft(conversation.turns[-1].text)
    return _final(done or [talk("unclear", "")], work, size, drafts=drafts)


def _work(
    turn: Turn, schemas: Mapping[str, Mapping[str, Any]], context: Context, *, closed: bool
) -> tuple[Work, Understood, list[Section] | None]:
    understood = understand(turn.text, turn.today, context)
    work = Work(Lookups(schemas=schemas, calls=turn.calls, closed=closed), context, understood.asks)
    if understood.talk:
        return work, understood, [talk(understood.talk, understood.detail)]
    return work, understood, answer_all(work, understood.asks)


def _calls(look: Lookups, turn: Turn, size: int) -> Reply:
    content: list[Block] = [
        {"toolUse": {"toolUseId": _identity(turn, tool, given), "name": tool, "input": given}}
        for tool, given in look.needed.values()
    ]
    return Reply(content, "tool_use", tokens_of(size), tokens_of(len(json.dumps(content))))


def _identity(turn: Turn, tool: str, given: Mapping[str, Any]) -> str:
    said = json.dumps([turn.text, turn.rounds, tool, given], sort_keys=True, default=str)
    return f"understudy_{hashlib.sha256(said.encode()).hexdigest()[:16]}"


def _final(sections: Sequence[Section], work: Work, size: int, *, drafts: bool = False) -> Reply:
    look, names = work.look, work.look.names()
    text, outcome = text_of(sections, list(look.failures.values())), outcome_of(sections)
    if drafts and outcome == "answered":
        spoken_of = work.context.recent.get("customer", ())
        known = {one.value: one.name for one in spoken_of if one.name}
        text = with_draft(text, look.calls, names, {**work.context.names, **known, **names})
    text = f"{text}\n<outcome>{outcome}</outcome>"
    return Reply([{"text": text}], "end_turn", tokens_of(size), tokens_of(len(text)))
