"""Reads case files, and says with file and line what is wrong with one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from evals.cases import Case, CaseFile
from evals.data import Records, SeedError, records_of
from evals.documents import Document, Place, SuiteError, read_document
from evals.inspection import wrong_in
from evals.offered import offered
from evals.templates import TemplateFile, cases_of

__all__ = ["CONVERSATIONS", "LOOKUPS", "SuiteError", "load_cases"]

CONVERSATIONS = Path(__file__).parent / "conversations"
LOOKUPS = Path(__file__).parent / "lookups"


def load_cases(paths: Iterable[Path] = ()) -> list[Case]:
    """Every case of the files and folders given, or of the project's own conversations.

    Raises:
        SuiteError: a file is missing, unreadable or wrong, or there is no case at all.
    """
    cases: list[Case] = []
    known: dict[str, str] = {}
    for path in _files(list(paths) or [CONVERSATIONS]):
        document = read_document(path)
        for place, case in _read(document):
            here = f"{path}:{document.line(place)}"
            if case.id in known:
                raise SuiteError(f"{here}: the case {case.id!r} is already in {known[case.id]}")
            known[case.id] = here
            cases.append(case)
    if not cases:
        raise SuiteError("there is no case to run")
    return cases


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(path.rglob("*.yaml"))
        elif path.is_file():
            yield path
        else:
            raise SuiteError(f"{path}: there is no such file or folder")


def _read(document: Document) -> Iterator[tuple[Place, Case]]:
    """Each case of the file, sound as far as can be known, and where it stands."""
    try:
        for place, case, records in _cases(document):
            for inner, message in wrong_in(case, records, offered()):
                raise document.error((*place, *inner), f"case {case.id!r}: {message}")
            yield place, case
    except ValidationError as invalid:
        raise document.invalid(invalid) from None


def _cases(document: Document) -> Iterator[tuple[Place, Case, Records]]:
    data = _with_folder(document)
    if isinstance(data, Mapping) and "templates" in data:
        file = TemplateFile.model_validate(data)
        records = _records(file.seed, document, ("seed",))
        for number, case in cases_of(document, file, records):
            yield ("templates", number), case, records
        return
    for number, case in enumerate(CaseFile.model_validate(data).cases):
        place = ("cases", number)
        own = (*place, "seed")
        where = own if own in document.lines else ("seed",)
        yield place, case, _records(case.seed, document, where)


def _records(seed: str, document: Document, place: Place) -> Records:
    try:
        return records_of(seed)
    except SeedError as wrong:
        raise document.error(place, str(wrong)) from None


def _with_folder(document: Document) -> Any:
    """The file's data; a seed that is a folder is found from where the file lies."""

    def found(part: Any) -> Any:
        seed = part.get("seed") if isinstance(part, dict) else None
        if not isinstance(seed, str) or not seed.startswith(("./", "../")):
            return part
        return {**part, "seed": str((document.path.parent / seed).resolve())}

    data = found(document.data)
    if isinstance(data, dict) and isinstance(data.get("cases"), list):
        return {**data, "cases": [found(case) for case in data["cases"]]}
    return data
