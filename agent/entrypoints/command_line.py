"""What every command shares: options, exit codes, the one JSON document, plain words for errors."""

from __future__ import annotations

import errno
import json
import re
import socket
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

from agent.entrypoints.stack import DeployedStack, OpenStack, Stack, StackChoice, deployed_stack
from agent.errors import DeskhandError, SettingsError, TurnError

if TYPE_CHECKING:
    from agent.settings import Settings

OUTPUT_FAILED = "output_failed"
# JSON escapes the lower controls by itself. These would act on a terminal or turn its text around.
_ACTING = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
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
        as_json = context is not None and context.find_root().meta.get("json")
        if as_json and self.code != OUTPUT_FAILED:
            write_json({"error": _error(self.code, self.message, retryable=self.retryable)})
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

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Notes early whether JSON is wanted: a command that is used wrongly says it too."""
        # The option of `eval` names a file.
        ctx.meta["json"] = "--json" in args and "eval" not in args[:1]
        with _told_as_json(ctx):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command."""
        try:
            with _told_as_json(ctx):
                return super().invoke(ctx)
        except CommandFailed as known:
            failed = known
        except (click.exceptions.Exit, click.ClickException, BrokenPipeError):
            raise
        except (KeyboardInterrupt, click.Abort):
            click.echo("Stopped.", err=True)
            ctx.exit(STOPPED)
        except Exception as raised:
            failed = _failed(raised)
        failed.show()
        ctx.exit(failed.exit_code)


@contextmanager
def _told_as_json(ctx: click.Context) -> Iterator[None]:
    """Wrong use; click itself says it on stderr."""
    try:
        yield
    except click.UsageError as wrong:
        if ctx.meta["json"]:
            write_json({"error": _error("wrong_use", wrong.format_message())})
        raise


def _error(code: str, message: str, *, retryable: bool = False) -> dict[str, Any]:
    return {"code": code, "message": message, "retryable": retryable}


def _failed(raised: Exception) -> CommandFailed:
    """What an error means for the person at the terminal."""
    match raised:
        case SettingsError():
            return CommandFailed("bad_settings", str(raised), exit_code=WRONG_USE)
        case TurnError():
            return CommandFailed(raised.code, str(raised), retryable=raised.retryable)
        case DeskhandError():
            message = str(raised)
            return CommandFailed("unavailable", message, exit_code=UNREACHABLE, retryable=True)
        case OSError():
            return _of_streams(raised) or _fault(raised)
    return _fault(raised)


def _of_streams(broken: OSError) -> CommandFailed | None:
    """A disk, or what is behind stdout, without room; a folder or a lost terminal as stdin."""
    if broken.errno in (errno.ENOSPC, errno.EDQUOT):
        message = "The result could not be written: there is no room left."
        return CommandFailed(OUTPUT_FAILED, message)
    if broken.errno in (errno.EISDIR, errno.EIO) and broken.filename is None:
        message = "Standard input cannot be read."
        return CommandFailed("input_failed", message, exit_code=WRONG_USE)
    return None


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


def stack_of(
    context: click.Context, choice: StackChoice, *, for_desk: bool = True, serving: bool = False
) -> Stack:
    """Opens the stack for the rest of the command.

    Unless the settings say otherwise only a server logs warnings: at a terminal a rep reads
    what is wrong in the answer.
    """
    from agent.telemetry import configure_logging

    open_stack: OpenStack = context.find_root().obj
    stack = context.with_resource(open_stack(choice, say, for_desk=for_desk))
    chosen = serving or "log_level" in stack.settings.model_fields_set
    form = stack.settings.log_format
    if form == "auto":
        form = "json" if serving else "text"
    configure_logging(stack.settings.log_level if chosen else "ERROR", form=form)
    return stack


def asked_stack(
    context: click.Context, choice: StackChoice, settings: Settings
) -> Stack | DeployedStack:
    """The stack whose desk is asked, for the rest of the command; it may be a deployed one."""
    return deployed_stack(choice, settings) or stack_of(context, choice)


def bound_socket(host: str, port: int) -> socket.socket:
    """A bound socket, before anything is started for it.

    Raises:
        CommandFailed: the address cannot be had.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        family, kind, protocol, _, address = found[0]
        # The protocol is named because asyncio switches TCP_NODELAY on only then.
        listener = socket.socket(family, kind, protocol)
    except OSError:
        raise CommandFailed(
            "bad_host", f"{host!r} is no address of this machine.", exit_code=WRONG_USE
        ) from None
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
    except OSError as taken:
        listener.close()
        raise CommandFailed(
            "port_in_use",
            f"Port {port} on {host} cannot be used ({taken.strerror}). Name another with --port.",
            exit_code=WRONG_USE,
        ) from None
    return listener


def say(line: str) -> None:
    """A line of progress or a remark."""
    click.echo(line, err=True)


def json_text(document: Any, *, indent: int | None = None) -> str:
    """The document as JSON that acts on no terminal, and that no reader splits inside a text."""
    text = json.dumps(document, ensure_ascii=False, indent=indent, default=str)
    return _ACTING.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def write_json(document: Any) -> None:
    """Writes one JSON document on the real stdout.

    Raises:
        CommandFailed: stdout is closed, or what is behind it is full.
    """
    text = json_text(document, indent=2) + "\n"
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except (OSError, AttributeError, ValueError):
        # A closed stdout is None, or a file that refuses with ValueError.
        raise CommandFailed(
            OUTPUT_FAILED, "The result could not be written: standard output is closed or full."
        ) from None


@contextmanager
def stdout_for_one_document() -> Iterator[Callable[[Any], None]]:
    """Keeps whatever a library prints off stdout, and yields what writes the document there."""
    real = sys.stdout

    def write(document: Any) -> None:
        with redirect_stdout(real):
            write_json(document)

    with redirect_stdout(sys.stderr):
        yield write
