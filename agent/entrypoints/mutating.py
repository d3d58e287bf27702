"""``./deskhand eval --mutate``: the suite, held with desks that are broken on purpose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from agent.entrypoints.command_line import WRONG_USE, CommandFailed

if TYPE_CHECKING:
    from agent.entrypoints.evaluation import Chosen, Place
    from evals.cases import Case
    from evals.mutation.survivors import Survivors


async def mutate(
    cases: Sequence[Case],
    chosen: Chosen,
    place: Place,
    *,
    at_once: int,
    json_file: Path | None,
    say: Callable[[str], None],
) -> int:
    """Hold the cases with every broken desk, show what noticed each, and return the exit code."""
    from agent.entrypoints.markdown import answer_console
    from agent.prompting import load_system_prompt
    from evals.mutation import (
        all_mutants,
        exit_code,
        holding,
        run_mutants,
        show_mutation,
        write_mutation,
    )
    from evals.runner import KeptStacks, Plan
    from evals.scorers import SCORERS

    survivors = _survivors()
    prompt = load_system_prompt().text
    async with KeptStacks(place.open_stack) as stacks:
        plan = Plan(scorers=SCORERS, at_once=at_once, prompt=prompt, open_desk=place.open_desk)
        report = await run_mutants(
            all_mutants(),
            holding(cases, stacks.open, plan),
            scorers=[scorer.name for scorer in SCORERS],
            survivors=survivors,
            whole=chosen.whole,
            progress=lambda held: say(f"{held.id}: noticed by {len(held.kills)} cases"),
        )
    path = json_file or place.root / "evals" / "reports" / "mutation.json"
    write_mutation(report, path)
    show_mutation(report, answer_console())
    say(f"report: {path}")
    return exit_code(report)


def _survivors() -> Survivors:
    from evals.mutation import SurvivorsError, read_survivors

    try:
        return read_survivors()
    except SurvivorsError as wrong:
        raise CommandFailed("bad_suite", str(wrong), exit_code=WRONG_USE) from None
