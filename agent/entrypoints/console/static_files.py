"""The page and its files, under addresses that change with their content: browsers keep them."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_PREFIX = "/static"


@dataclass(frozen=True, slots=True)
class ConsoleFiles:
    """The files of a folder, and the pages that name them."""

    folder: Path
    version: str

    @classmethod
    def of(cls, folder: Path) -> ConsoleFiles:
        """The files as they are now; a changed one gives all of them new addresses."""
        digest = hashlib.sha256()
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            digest.update(f"{path.relative_to(folder)} {path.stat().st_size} ".encode())
            digest.update(path.read_bytes())
        return cls(folder, digest.hexdigest()[:12])

    @property
    def routes(self) -> list[Mount]:
        """Where browsers find them; the addresses without a version are for other tools."""
        return [
            Mount(f"{_PREFIX}/{self.version}", _KeptFiles(directory=self.folder)),
            Mount(_PREFIX, StaticFiles(directory=self.folder)),
        ]

    def page(self, name: str) -> Response:
        """A page whose files come under their own version's addresses."""
        text = (self.folder / name).read_text(encoding="utf-8")
        return HTMLResponse(text.replace(f'"{_PREFIX}/', f'"{_PREFIX}/{self.version}/'))


class _KeptFiles(StaticFiles):
    """Files that never change under their address."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """One file, which the browser need not ask for again."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
