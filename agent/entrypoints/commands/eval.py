"""``./deskhand eval``: scripted conversations, judged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from agent.entrypoints.command_line import (
    ExampleCommand,
    say,
    stack_option,
)
from agent.entrypoints.stack import begin_collecting

if TYPE_CHECKING:
    from agent.entrypoints.evaluation import Chosen

_FILE = click.Path(path_type=Path, dir_okay=False, writable=True)
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command(
    "eval",
    cls=ExampleCommand,
    examples=[
        "./deskhand eval",
        "./deskhand eval --family injections --trials 4",
        "./deskhand eval my/cases.yaml --json report.json --html report.html",
        "./deskhand eval --model global.anthropic.claude-sonnet-4-6 --trials 4 --record tapes",
        "./deskhand eval --mutate",
    ],
    exit_codes="0 all passed, 1 failures, 2 bad input, 3 infrastructure or not all could be judged,"
    " 4 worse than the baseline",
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option(
    "--trials",
    type=click.IntRange(1, 100),
    default=1,
    show_default=True,
    help="How often each conversation is held.",
)
@click.option(
    "--family",
    "families",
    multiple=True,
    metavar="NAME",
    help="Only conversations of this family; may be given again.",
)
@click.option(
    "--tag",
    "tags",
    multiple=True,
    metavar="TAG",
    help="Only conversations with this tag; may be given again.",
)
@click.option(
    "--case",
    "ids",
    multiple=True,
    metavar="ID",
    help="Only this conversation; * stands for anything; may be given again.",
)
@click.option(
    "--model", "model_id", metavar="ID", help="A Bedrock model to ask instead of the stack's own."
)
@click.option("--record", type=_FOLDER, metavar="DIR", help="Keep every model call in this folder.")
@click.option(
    "--replay",
    type=_FOLDER,
    metavar="DIR",
    help="Take every model call from this folder; no model is asked.",
)
@click.option("--json", "json_file", type=_FILE, metavar="FILE", help="Write the report as JSON.")
@click.option(
    "--junit", "junit_file", type=_FILE, metavar="FILE", help="Write the report as JUnit XML."
)
@click.option(
    "--html", "html_file", type=_FILE, metavar="FILE", help="Write the report as one page."
)
@click.option(
    "--baseline",
    "baseline_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Compare with the passes of an earlier run.",
)
@click.option("--update-baseline", is_flag=True, help="Make this run the baseline.")
@click.option(
    "--mutate", is_flag=True, help="Break the desk in many ways, and show what notices each."
)
@click.option(
    "--at-once",
    type=click.IntRange(1, 64),
    default=4,
    show_default=True,
    help="How many conversations go on at the same time.",
)
@stack_option
@click.pass_context
def evaluate(context: click.Context, /, **options: Any) -> None:
    """Hold scripted conversations with the desk and judge every answer.

    Without a PATH: all of evals/conversations. Without addresses in the settings each set of data
    has a local stack of its own, so that no rep's stack is touched.
    """
    import asyncio

    from agent.entrypoints.evaluation import Chosen, chosen_cases, prepare_desk

    chosen = Chosen(
        paths=options["paths"],
        families=options["families"],
        tags=options["tags"],
        ids=options["ids"],
        stack=options["stack_choice"],
        model_id=options["model_id"],
        record=options["record"],
        replay=options["replay"],
    )
    cases = chosen_cases(chosen)  # first: a wrong file needs no stack
    prepare_desk()
    begin_collecting()
    run = _mutate if options["mutate"] else _judge
    context.exit(asyncio.run(run(cases, chosen, options)))


async def _judge(cases: list[Any], chosen: Chosen, options: dict[str, Any]) -> int:
    from rich.console import Console

    from agent.entrypoints.evaluation import cassette_of, judge_of, place_of
    from agent.entrypoints.telling import earlier_run, tell
    from agent.prompting import load_system_prompt
    from evals.runner import Plan, run_suite
    from evals.runner.progress import shown_progress
    from evals.scorers import SCORERS

    place, cassette = place_of(chosen, say), cassette_of(chosen)
    earlier = earlier_run(options["baseline_file"], place.model_id)
    with shown_progress(Console(stderr=True), say) as progress:
        plan = Plan(
            scorers=SCORERS,
            judge=judge_of(place, cassette),
            trials=options["trials"],
            at_once=options["at_once"],
            prompt=load_system_prompt().text,
            cassette=cassette,
            open_desk=place.open_desk,
            progress=progress,
        )
        report = await run_suite(cases, place.open_stack, plan)
    return tell(
        report,
        earlier,
        whole=chosen.whole,
        folder=place.root / "evals" / "reports",
        files={kind: options[f"{kind}_file"] for kind in ("json", "junit", "html")},
        new_baseline=options["update_baseline"],
    )


async def _mutate(cases: list[Any], chosen: Chosen, options: dict[str, Any]) -> int:
    from agent.entrypoints.evaluation import place_of
    from agent.entrypoints.mutating import mutate

    return await mutate(
        cases,
        chosen,
        place_of(chosen, say),
        at_once=options["at_once"],
        json_file=options["json_file"],
        say=say,
    )
