"""A part of the stack: one child process, with what makes it ready for use."""

from __future__ import annotations

import logging
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import ExitStack

logger = logging.getLogger(__name__)


class PartError(Exception):
    """A part cannot be started; the message says why and what to do."""


class Part(ABC):
    """One child process. Every method is called on the part's own thread, so none needs a lock."""

    label: str

    def __init__(self) -> None:
        self.wanted = False

    @abstractmethod
    def start(self) -> None:
        """Bring the part to where it can be used, on the address that it had before, if any."""

    @abstractmethod
    def stop(self) -> None:
        """End the process; what it holds is kept."""

    @property
    @abstractmethod
    def environment(self) -> Mapping[str, str]:
        """The part's addresses, as the desk's settings read them."""

    @property
    @abstractmethod
    def process(self) -> subprocess.Popen[bytes] | None:
        """The child, when there is one."""

    def mend(self) -> bool:
        """Start the part again when its process has died, and say whether that was so."""
        process = self.process
        if not self.wanted or (process is not None and process.poll() is None):
            return False
        code = None if process is None else process.poll()
        logger.warning("part=<%s>, code=<%s> | died, and is started again", self.label, code)
        with ExitStack() as undo:
            undo.callback(self._want)
            undo.callback(self.stop)  # half started is not started
            self.stop()
            self.start()
            undo.pop_all()
        return True

    def _want(self) -> None:
        self.wanted = True
