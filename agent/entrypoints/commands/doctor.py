"""``./deskhand doctor``: asks every system and says what to do about each that fails."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from agent.entrypoints.command_line import (
    DONE,
    UNREACHABLE,
    ExampleCommand,
    asked_stack,
    json_option,
    stack_of,
    stack_option,
    stdout_for_one_document,
)
from agent.entrypoints.stack import DeployedStack, StackChoice, read_settings

if TYPE_CHECKING:
    from agent.desk import Desk
    from agent.entrypoints.deployed_desk import DeployedDesk
    from agent.system_check import SystemCheck

    Examined = tuple[str, str, list[SystemCheck]]


@click.command(
    cls=ExampleCommand,
    examples=[
        "./deskhand doctor",
        "./deskhand doctor --json --stack aws",
    ],
    exit_codes="0 all answer, 2 a setting is wrong, 3 a system does not answer",
)
@json_option
@stack_option
@click.pass_context
def doctor(context: click.Context, as_json: bool, stack_choice: StackChoice) -> None:
    """Ask every system whether it answers, how fast, and what to do if not.

    With --stack aws and DESKHAND_ENDPOINT_URL set, but no addresses of systems, it is the deployed
    desk that is asked: whether it is there, and takes the rep's token.
    """
    if as_json:
        with stdout_for_one_document() as write:
            name, model_id, checks = _examined(context, stack_choice)
            write(
                {
                    "ok": all(check.ok for check in checks),
                    "stack": name,
                    "model_id": model_id,
                    "systems": [asdict(check) for check in checks],
                }
            )
    else:
        name, model_id, checks = _examined(context, stack_choice)
        _show(name, model_id, checks)
    context.exit(DONE if all(check.ok for check in checks) else UNREACHABLE)


def _examined(context: click.Context, stack_choice: StackChoice) -> Examined:
    settings = read_settings()
    if settings.addresses_configured:
        return stack_of(context, stack_choice).run(_systems)
    stack = asked_stack(context, stack_choice, settings)
    return stack.run(_deployed) if isinstance(stack, DeployedStack) else stack.run(_systems)


async def _systems(desk: Desk) -> Examined:
    return desk.stack, desk.model_id, await desk.check()


async def _deployed(desk: DeployedDesk) -> Examined:
    from agent.system_check import SystemCheck

    started = time.monotonic()
    failed = await desk.check()
    ms = round((time.monotonic() - started) * 1000)
    if failed is None:
        found = SystemCheck("desk", True, ms, "answers, and takes the rep's token")
    else:
        advice = "Then ./deskhand deploy --status shows how it is in AWS."
        found = SystemCheck("desk", False, ms, failed.message, advice)
    return desk.stack, "of the deployed desk", [found]


def _show(stack: str, model_id: str, checks: list[SystemCheck]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from agent.entrypoints.markdown import answer_console
    from agent.entrypoints.plain_text import Neutral
    from agent.entrypoints.tool_lines import duration

    console = answer_console()
    console.print(Text(f"Stack {stack}, model {model_id}\n"))
    table = Table("", "system", "time", "finding", box=box.SIMPLE_HEAD, pad_edge=False)
    for check in checks:
        mark = Text("✓", "green") if check.ok else Text("✗", "red")
        table.add_row(
            mark, Text(check.system), Text(duration(check.ms), justify="right"), Text(check.detail)
        )
    console.print(Neutral(table))
    for check in checks:
        if not check.ok:
            console.print(Neutral(Text(f"\n{check.system}: {check.advice}", "red")))
