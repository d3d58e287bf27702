"""``./deskhand tools``: what the model may call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from agent.entrypoints.command_line import (
    ExampleCommand,
    json_option,
    stack_of,
    stack_option,
    stdout_for_one_document,
)
from agent.entrypoints.stack import StackChoice

if TYPE_CHECKING:
    from agent.desk import Desk
    from tools.contract import Tool


@click.command(
    cls=ExampleCommand,
    examples=[
        "./deskhand tools",
        "./deskhand tools --json",
    ],
)
@json_option
@stack_option
@click.pass_context
def tools(context: click.Context, as_json: bool, stack_choice: StackChoice) -> None:
    """List every tool that the model is offered."""
    stack = stack_of(context, stack_choice)

    async def offered(desk: Desk) -> list[Tool]:
        return list(desk.tools)

    if not as_json:
        _show(stack.run(offered))
        return
    with stdout_for_one_document() as write:
        write(
            [
                {
                    "name": tool.name,
                    "system": tool.system,
                    "description": tool.description,
                    "input_schema": tool.input_schema,
                }
                for tool in stack.run(offered)
            ]
        )


def _show(offered: list[Tool]) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from agent.entrypoints.markdown import answer_console
    from agent.entrypoints.plain_text import Neutral

    table = Table("system", "tool", "input", "description", box=box.SIMPLE_HEAD, pad_edge=False)
    for tool in sorted(offered, key=lambda tool: (tool.system, tool.name)):
        required = set(tool.input_schema.get("required", []))
        names = [
            name if name in required else f"[{name}]"
            for name in tool.input_schema.get("properties", {})
        ]
        first_sentence = tool.description.partition("\n")[0].partition(". ")[0]
        table.add_row(*map(Text, (tool.system, tool.name, ", ".join(names), first_sentence)))
    answer_console().print(Neutral(table))
