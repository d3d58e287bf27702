"""What every command shares: options, exit codes, the one JSON document, plain words for errors."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from typing import IO, Any, TypeVar

import click

from agent.entrypoints.stack import OpenStack, Stack, StackChoice
from agent.errors import DeskhandError, SettingsError, TurnError

DONE, TURN_FAILED, WRONG_USE, UNREACHABLE, STOPPED = 0, 1, 2, 3, 130
Command = TypeVar("Command", bound=Callable[..., Any])


class CommandFailed(click.ClickException):
    """A command that ends with a plain sentence and an exit code.

    Args:
        code: a short word for programs.
        exit_code: what the process ends with.
        retryable: whether the same command may succeed later.
    """

    def __init__(
        self, code: str, message: str, *, exit_code: int = TURN_FAILED, retryable: bool = False
    ) -> None:
        super().__init__(message)
        self.code = code
        self.exit_code: int = exit_code  # type: ignore[misc]  # click reads it from the instance too
        self.retryable = retryable

    def show(self, file: IO[Any] | None = None) -> None:
        """Says it on stderr; with ``--json`` the document on stdout says it too."""
        context = click.get_current_context(silent=True)
        if context is not None and context.find_root().meta.get("json"):
            write_json(
                {"error": {"code": self.code, "message": self.message, "retryable": self.retryable}}
            )
        click.echo(f"deskhand: {self.message}", file=file, err=True)


class ExampleCommand(click.Command):
    """A command whose help ends with examples and exit codes, printed as they are written."""

    def __init__(
        self, *arguments: Any, examples: Sequence[str], exit_codes: str = "", **options: Any
    ) -> None:
        super().__init__(*arguments, **options)
        self.examples = examples
        self.exit_codes = exit_codes

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the examples and the exit codes."""
        with formatter.section("Examples" if len(self.examples) > 1 else "Example"):
            for example in self.examples:
                formatter.write(f"  {example}\n")
        if self.exit_codes:
            formatter.write_paragraph()
            formatter.write_text(f"Exit codes: {self.exit_codes}.")


class CommandGroup(click.Group):
    """Turns every error that a command lets through into words and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command."""
        try:
            return super().invoke(ctx)
        except CommandFailed as known:
            failed = known
        except (click.exceptions.Exit, click.ClickException, BrokenPipeError):
            raise
        except (KeyboardInterrupt, click.Abort):
            click.echo("Stopped.", err=True)
            ctx.exit(STOPPED)
        except SettingsError as wrong:
            failed = CommandFailed("bad_settings", str(wrong), exit_code=WRONG_USE)
        except TurnError as wrong:
            failed = CommandFailed(wrong.code, str(wrong), retryable=wrong.retryable)
        except DeskhandError as wrong:
            failed = CommandFailed("unavailable", str(wrong), exit_code=UNREACHABLE, retryable=True)
        except Exception as fault:
            failed = _fault(fault)
        failed.show()
        ctx.exit(failed.exit_code)


def _fault(fault: Exception) -> CommandFailed:
    """A fault of our own: the kind of error and the place, but no text that may hold data."""
    frames = traceback.extract_tb(fault.__traceback__)
    place = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return CommandFailed(
        "internal",
        f"Something went wrong inside Deskhand ({type(fault).__name__}{place}).",
    )


def stack_option(command: Command) -> Command:
    """Adds ``--stack``."""
    return click.option(
        "--stack",
        "stack_choice",
        type=click.Choice(["auto", "local", "aws"]),
        default="auto",
        show_default=True,
        help="auto: the stack of the settings, without any a local one; aws: never a local one.",
    )(command)


def json_option(command: Command) -> Command:
    """Adds ``--json``."""

    def remember(context: click.Context, parameter: click.Parameter, value: bool) -> bool:
        context.find_root().meta["json"] = value
        return value

    return click.option(
        "--json",
        "as_json",
        is_flag=True,
        callback=remember,
        help="Print one JSON document on stdout and nothing else.",
    )(command)


def stack_of(context: click.Context, choice: StackChoice, *, for_desk: bool = True) -> Stack:
    """Opens the stack for the rest of the command."""
    from agent.telemetry import configure_logging

    open_stack: OpenStack = context.find_root().obj
    stack = context.with_resource(open_stack(choice, say, for_desk=for_desk))
    configure_logging(stack.settings.log_level)
    return stack


def say(line: str) -> None:
    """A line of progress or a remark."""
    click.echo(line, err=True)


def write_json(document: Any, *, indent: int | None = 2) -> None:
    """Writes one JSON document on the real stdout."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=indent, default=str) + "\n")
    sys.stdout.flush()


@contextmanager
def stdout_for_one_document() -> Iterator[Callable[[Any], None]]:
    """Keeps whatever a library prints off stdout, and yields what writes the document there."""
    real = sys.stdout

    def write(document: Any) -> None:
        with redirect_stdout(real):
            write_json(document)

    with redirect_stdout(sys.stderr):
        yield write
