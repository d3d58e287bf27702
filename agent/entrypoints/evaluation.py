"""Puts an evaluation together: cases, stack, model, recording; then tells and writes its result."""

from __future__ import annotations

import os
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.entrypoints.command_line import UNREACHABLE, WRONG_USE, CommandFailed
from agent.entrypoints.stack import StackChoice, read_settings

if TYPE_CHECKING:
    from agent.settings import Settings
    from evals.cases import Case
    from evals.cassette import Cassette
    from evals.judge import Judge
    from evals.runner import OpenStack, SeededStack

UNDERSTUDY = "local.understudy"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What the command line says.

    Attributes:
        model_id: asked instead of the stack's own model.
    """

    paths: tuple[Path, ...]
    families: tuple[str, ...]
    tags: tuple[str, ...]
    ids: tuple[str, ...]
    stack: StackChoice
    model_id: str | None
    record: Path | None
    replay: Path | None

    @property
    def whole(self) -> bool:
        """Whether all of the project's own conversations are meant."""
        return not (self.paths or self.families or self.tags or self.ids)


def chosen_cases(chosen: Chosen) -> list[Case]:
    """The cases that are meant.

    Raises:
        CommandFailed: a file is wrong, or nothing is left by the filters.
    """
    from evals.loader import SuiteError, load_cases

    try:
        cases = load_cases(chosen.paths)
    except SuiteError as wrong:
        raise CommandFailed("bad_suite", str(wrong), exit_code=WRONG_USE) from None
    left = [case for case in cases if _is_chosen(case, chosen)]
    if not left:
        raise CommandFailed(
            "bad_suite", "No conversation is left by these filters.", exit_code=WRONG_USE
        )
    return left


def _is_chosen(case: Case, chosen: Chosen) -> bool:
    return (
        (not chosen.families or case.family in chosen.families)
        and (not chosen.tags or bool(set(case.tags) & set(chosen.tags)))
        and (not chosen.ids or any(fnmatchcase(case.id, pattern) for pattern in chosen.ids))
    )


def prepare_desk() -> None:
    """Sets up logging, and imports the desk's libraries while the stack starts.

    Unless the settings say otherwise nothing is logged: what breaks is broken on purpose, and
    what should not have broken is in the report.
    """
    from agent.telemetry import configure_logging

    settings = read_settings()
    chosen = "log_level" in settings.model_fields_set
    configure_logging(
        settings.log_level if chosen else "CRITICAL",
        form="json" if settings.log_format == "json" else "text",
    )
    threading.Thread(target=import_module, args=("agent.bootstrap",), daemon=True).start()


def cassette_of(chosen: Chosen) -> Cassette | None:
    """Where model calls are recorded or replayed from, if they are."""
    from evals.cassette import Cassette, CassetteError

    if chosen.record and chosen.replay:
        raise CommandFailed(
            "wrong_use", "Choose one of --record and --replay.", exit_code=WRONG_USE
        )
    folder = chosen.record or chosen.replay
    if folder is None:
        return None
    try:
        return Cassette(folder, "record" if chosen.record else "replay")
    except CassetteError as wrong:
        raise CommandFailed("bad_cassette", str(wrong), exit_code=WRONG_USE) from None


@dataclass(frozen=True, slots=True)
class Place:
    """Where cases are held.

    Attributes:
        root: the state folder.
        model_id: the model that is asked.
        open_desk: opens a desk there.
        live: the settings of the model when it is a language model; None for the understudy.
    """

    root: Path
    open_stack: OpenStack
    open_desk: Callable[..., AbstractAsyncContextManager[Any]]
    model_id: str
    live: Settings | None = None


def place_of(chosen: Chosen, say: Say) -> Place:
    """The stack and the desk: those that the settings name, or private ones for each seed."""
    from deploy.local.state import state_folder

    settings = read_settings()
    root = state_folder(os.environ).root
    addressed = chosen.stack == "aws" or (chosen.stack == "auto" and settings.addresses_configured)
    if addressed:
        settings.require_addresses()
        model_id = chosen.model_id or settings.model_id
        there = settings.model_copy(update={"model_id": model_id})
        live = None if model_id == UNDERSTUDY else there
        return Place(root, _addressed(there), _open_desk, model_id, live)
    wanted = chosen.model_id or UNDERSTUDY
    asked = settings.model_copy(update={"model_id": wanted}) if wanted != UNDERSTUDY else None
    return Place(
        root,
        partial(_private, root=root, say=say),
        partial(_open_desk_of, asked),
        wanted,
        asked,
    )


def judge_of(place: Place, cassette: Cassette | None) -> Judge | None:
    """Who judges what a case says in words: the model itself, and nobody for the understudy."""
    if place.live is None:
        return None
    from agent.bootstrap import model_of
    from evals.judge import model_judge

    model = model_of(place.live)
    if cassette is not None:
        model.client = cassette.client(model.client)
    return model_judge(model)


def _addressed(settings: Settings) -> OpenStack:
    from evals.runner import one_stack

    return one_stack(settings)


@asynccontextmanager
async def _private(seed: str, *, root: Path, say: Say) -> AsyncIterator[SeededStack]:
    from deploy.evaluations import evaluation_stack
    from deploy.local.errors import StackError

    try:
        async with evaluation_stack(root, seed, say) as stack:
            yield _PrivateStack(stack, stack.environment)
    except StackError as failed:
        raise CommandFailed("unavailable", str(failed), exit_code=UNREACHABLE) from None


class _PrivateStack:
    """A stack of our own as a run needs it."""

    private = True

    def __init__(self, stack: Any, environment: Mapping[str, str]) -> None:
        from agent.settings import Settings

        self.settings = Settings.from_environment({**os.environ, **environment})
        self.overlay = stack.overlay
        self.fingerprint = stack.fingerprint


def _open_desk(settings: Settings, **wraps: Any) -> AbstractAsyncContextManager[Any]:
    from agent.bootstrap import open_desk

    return open_desk(settings, **wraps)


def _open_desk_of(
    asked: Settings | None, settings: Settings, **wraps: Any
) -> AbstractAsyncContextManager[Any]:
    """A desk on a private stack; ``asked`` names a model elsewhere that answers for it."""
    from agent.bootstrap import model_of, open_desk
    from agent.model import RetryPolicy

    if asked is not None:
        return open_desk(settings, model=model_of(asked), **wraps)
    # The understudy is never overloaded: only a case's own fault is tried again.
    quick = partial(RetryPolicy, base_seconds=0.01, most_seconds=0.02)
    return open_desk(settings, new_retry_policy=quick, **wraps)
