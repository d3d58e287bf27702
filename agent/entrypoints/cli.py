"""The command line: ``./deskhand COMMAND``. Each command imports what it needs when it runs."""

from __future__ import annotations

import atexit
import gc
import logging
import os
import sys
from pathlib import Path
from typing import NoReturn, TextIO

import click

from agent.entrypoints.command_line import CommandGroup
from agent.entrypoints.commands.ask import ask
from agent.entrypoints.commands.call import call
from agent.entrypoints.commands.chat import chat
from agent.entrypoints.commands.deploy import deploy
from agent.entrypoints.commands.doctor import doctor
from agent.entrypoints.commands.eval import evaluate
from agent.entrypoints.commands.seed import seed
from agent.entrypoints.commands.serve import serve
from agent.entrypoints.commands.test import test
from agent.entrypoints.commands.tools import tools
from agent.entrypoints.commands.up import up
from agent.entrypoints.commands.web import web
from agent.entrypoints.stack import open_stack

_HELP = """Deskhand answers a support rep's questions about customers, orders, products, reviews and
warranties out of systems that do not know each other.

\b
Examples:
  ./deskhand ask "Who is customer CUST003, and which orders does he have?"
  ./deskhand chat

Without settings a command starts the local stack for its own life; ./deskhand up keeps one.
"""


@click.group(
    cls=CommandGroup,
    help=_HELP,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.pass_context
def deskhand(context: click.Context) -> None:
    """Puts the real stack behind the commands, unless a caller has put another there."""
    if context.obj is None:
        context.obj = open_stack


for command in (ask, chat, web, serve, up, doctor, tools, call, seed, evaluate, deploy, test):
    deskhand.add_command(command)


def main() -> None:
    """Runs the command line with UTF-8 on all streams, and ends the process.

    A command lives for seconds and imports much. Collecting garbage during the imports and taking
    all of it apart at the end would cost a fifth of its time, so both are left out.
    """
    gc.disable()
    _reopen_closed_streams()
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        _use_utf8(stream)
    try:
        code = deskhand(prog_name="deskhand", standalone_mode=True)
    except SystemExit as ended:
        code = ended.code
    end_process(code if isinstance(code, int) else int(code is not None))


def end_process(code: int) -> NoReturn:
    """Ends the process at once, after what was registered for its end and all is written."""
    atexit._run_exitfuncs()
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:  # nobody reads it any more
            code = code or 1
    os._exit(code)


def _reopen_closed_streams() -> None:
    """What the caller has closed reads as empty and swallows what is written."""
    # They live as long as the process.
    sys.stdin = sys.stdin or Path(os.devnull).open()
    sys.stdout = sys.stdout or Path(os.devnull).open("w")
    sys.stderr = sys.stderr or Path(os.devnull).open("w")


def _use_utf8(stream: TextIO) -> None:
    """UTF-8 whatever the locale says; what cannot be encoded is escaped, as JSON escapes it."""
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    main()
