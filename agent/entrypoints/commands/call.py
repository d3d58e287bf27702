"""``./deskhand call``: one tool, or a batch of them, as the model would call it."""

from __future__ import annotations

import json
import sys
import time
from typing import IO, TYPE_CHECKING, Any

import click

from agent.entrypoints.command_line import (
    DONE,
    TURN_FAILED,
    UNREACHABLE,
    WRONG_USE,
    ExampleCommand,
    json_option,
    json_text,
    stack_of,
    stack_option,
    stdout_for_one_document,
)
from agent.entrypoints.stack import StackChoice

if TYPE_CHECKING:
    from agent.desk import Desk

MOST_LINE_CHARACTERS = 1_000_000
_EXIT_CODES = {
    "invalid_input": WRONG_USE,
    "unavailable": UNREACHABLE,
    "timeout": UNREACHABLE,
    "busy": UNREACHABLE,
}


@click.command(
    cls=ExampleCommand,
    examples=[
        './deskhand call find_customers \'{"query": "CUST003"}\'',
        './deskhand call check_warranty_status \'{"serial_number": "LAPTOP001A1B2C"}\'',
        'echo \'{"tool": "get_order", "input": {"order_id": 1}}\' | ./deskhand call --batch',
    ],
    exit_codes="0 data, or a whole batch; 1 refused or failed; 2 wrong input; 3 out of reach",
)
@click.argument("tool", required=False)
@click.argument("tool_input", required=False, metavar="JSON")
@click.option("--batch", is_flag=True, help='Read lines {"tool", "input"} from stdin.')
@json_option
@stack_option
@click.pass_context
def call(
    context: click.Context,
    tool: str | None,
    tool_input: str | None,
    batch: bool,
    as_json: bool,
    stack_choice: StackChoice,
) -> None:
    """Call one tool as the model would and print its result.

    With --json the result stands in {"tool", "ok", "result" or "error", "ms"}; --batch prints such
    a line for each line of stdin, in order. A gateway tool's own name is enough when no other tool
    has it.
    """
    if batch == bool(tool):
        raise click.UsageError("Give either a TOOL with its JSON input, or --batch.")
    if batch:
        stack = stack_of(context, stack_choice)
        stack.run(lambda desk: _batch(desk, sys.stdin, sys.stdout))
        context.exit(DONE)
    arguments = _parsed(tool_input or "{}")
    if not isinstance(arguments, dict):
        raise click.UsageError(
            'The tool\'s input must be one JSON object, like \'{"query": "CUST003"}\'.'
        )
    stack = stack_of(context, stack_choice)
    with stdout_for_one_document() as write:
        line = stack.run(lambda desk: answer_line(desk, str(tool), arguments))
        if as_json:
            write(line)
        else:
            write(line["result"] if line["ok"] else {"error": line["error"]})
    context.exit(DONE if line["ok"] else _EXIT_CODES.get(line["error"]["kind"], TURN_FAILED))


async def answer_line(desk: Desk, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """The call's outcome as a line of ``--batch``."""
    began = time.monotonic()
    result = await desk.call_tool(tool, arguments)
    ms = round((time.monotonic() - began) * 1000)
    failed = isinstance(result.get("error"), dict) and len(result) == 1
    outcome = {"error": result["error"]} if failed else {"result": result}
    return {"tool": tool, "ok": not failed, **outcome, "ms": ms}


async def _batch(desk: Desk, source: IO[str], out: IO[str]) -> None:
    from agent.entrypoints.keyboard import lines_of

    async for line in lines_of(source, most=MOST_LINE_CHARACTERS):
        if not line.strip():
            continue
        parsed: Any = _parsed(line) if len(line) <= MOST_LINE_CHARACTERS else None
        if problem := _line_problem(parsed):
            tool = parsed.get("tool") if isinstance(parsed, dict) else None
            answer = {
                "tool": tool if isinstance(tool, str) else None,
                "ok": False,
                "error": {"kind": "invalid_input", "message": problem, "retryable": False},
                "ms": 0,
            }
        else:
            answer = await answer_line(desk, parsed["tool"], parsed["input"])
        out.write(json_text(answer) + "\n")
        out.flush()


def _parsed(text: str) -> Any:
    """The JSON value, or ``None`` for what is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _line_problem(parsed: Any) -> str | None:
    if not isinstance(parsed, dict):
        return 'The line is no JSON object like {"tool": "get_order", "input": {"order_id": 1}}.'
    if not isinstance(parsed.get("tool"), str):
        return '"tool" must be the name of a tool.'
    if not isinstance(parsed.get("input"), dict):
        return '"input" must be a JSON object.'
    return None
