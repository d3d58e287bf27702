"""``./deskhand eval``: scripted conversations, judged."""

from __future__ import annotations

from pathlib import Path

import click

from agent.entrypoints.command_line import (
    WRONG_USE,
    CommandFailed,
    ExampleCommand,
    say,
    stack_of,
    stack_option,
)
from agent.entrypoints.stack import StackChoice


@click.command(
    "eval",
    cls=ExampleCommand,
    examples=[
        "./deskhand eval",
        "./deskhand eval evals/conversations/smoke.yaml --json report.json",
    ],
    exit_codes="0 all passed, 1 failures, 2 bad input, 3 infrastructure",
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option(
    "--json",
    "json_file",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    metavar="FILE",
    help="Write the report as JSON.",
)
@stack_option
@click.pass_context
def evaluate(
    context: click.Context,
    paths: tuple[Path, ...],
    json_file: Path | None,
    stack_choice: StackChoice,
) -> None:
    """Run scripted conversations and judge every answer.

    Without a PATH: all of evals/conversations.
    """
    import asyncio

    from agent.entrypoints.markdown import answer_console
    from deploy.seed.overlay import overlay_on
    from evals.loader import SuiteError, load_cases
    from evals.report import exit_code, show
    from evals.runner import run_suite

    try:
        cases = load_cases(paths)  # first: a wrong file needs no stack
        stack = stack_of(context, stack_choice)
        report = asyncio.run(
            run_suite(
                cases,
                stack.settings,
                open_desk=stack.open_desk,
                overlay=overlay_on(stack.environment),
                progress=lambda result: say(f"{result.status:<7} {result.id}"),
            )
        )
    except SuiteError as wrong:
        raise CommandFailed("bad_suite", str(wrong), exit_code=WRONG_USE) from None
    if json_file is not None:
        json_file.write_text(report.model_dump_json(indent=2) + "\n", encoding="utf-8")
    show(report, answer_console())
    context.exit(exit_code(report))
