"""What a check of one system found; light, for programs that check none themselves."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SystemCheck:
    """One system's state: ``detail`` says what was found, ``advice`` what to do."""

    system: str
    ok: bool
    ms: int
    detail: str
    advice: str = ""
