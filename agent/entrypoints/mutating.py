"""``./deskhand eval --mutate``: the suite, held with desks that are broken on purpose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from agent.entrypoints.command_line import WRONG_USE, CommandFailed

if TYPE_CHECKING:
    from agent.entrypoints.evaluation import Chosen, Place
    from evals.cases import Case
    from evals.mutation import Mutant
    from evals.results import Report


async def mutate(
    cases: Sequence[Case],
    chosen: Chosen,
    place: Place,
    *,
    at_once: int,
    say: Callable[[str], None],
) -> int:
    """Hold the cases with every broken desk, show what noticed each, and return the exit code."""
    from agent.entrypoints.markdown import answer_console
    from agent.prompting import load_system_prompt
    from evals.mutation import (
        SurvivorsError,
        all_mutants,
        exit_code,
        read_survivors,
        run_mutants,
        show_mutation,
    )
    from evals.runner import KeptStacks, Plan, run_suite
    from evals.scorers import SCORERS

    try:
        survivors = read_survivors()
    except SurvivorsError as wrong:
        raise CommandFailed("bad_suite", str(wrong), exit_code=WRONG_USE) from None
    prompt = load_system_prompt().text
    async with KeptStacks(place.open_stack) as stacks:

        async def hold(mutant: Mutant | None) -> Report:
            more: dict[str, Any] = {"mutation": _Mutation(mutant)} if mutant else {}
            plan = Plan(
                scorers=SCORERS, at_once=at_once, prompt=prompt, open_desk=place.open_desk, **more
            )
            return await run_suite(cases, stacks.open, plan)

        report = await run_mutants(
            all_mutants(cases),
            hold,
            scorers=[scorer.name for scorer in SCORERS],
            survivors=survivors,
            whole=chosen.whole,
            progress=lambda held: say(f"{held.id}"),
        )
    show_mutation(report, answer_console())
    return exit_code(report)


class _Mutation:
    """A mutant as a run takes it."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def settings(self, settings: Any) -> Any:
        """The same settings."""
        return settings

    def tools(self, tools: Sequence[Any]) -> Sequence[Any]:
        """The mutant's tools."""
        return self._mutant.tools(tools)

    def desk(self, desk: Any) -> Any:
        """The mutant's desk."""
        return self._mutant.desk(desk)
