"""Templates: one question in several wordings, asked about records that SQL picks from the data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from random import Random
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError

from evals.cases import Budget, Case, Difference, Outcome, Say, Severity, Tools, as_list
from evals.data import DatabaseError, Records
from evals.documents import Document
from evals.facts import Strict, Text

_PLACE_HOLDER = re.compile(r"\{([a-z_]+)\}")

Picked = Mapping[str, Any]


class TemplateTurn(Strict):
    """A turn as in a case, with the wordings that take turns; ``{column}`` is what was picked."""

    rep: Annotated[list[Text], Field(min_length=1)]
    outcome: Annotated[
        list[Outcome],
        Field(min_length=1),
        BeforeValidator(as_list, json_schema_input_type=Outcome | list[Outcome]),
    ]
    tools: Tools = Tools()
    say: Say = Say()
    differences: list[Difference] = []
    budget: Budget = Budget()


class Template(Strict):
    """What becomes so many cases, each about another row that was picked.

    In the text of a rep and in expected facts ``{column}`` stands for a value of the row. Inside
    ``sql`` it becomes an SQL literal, quotes included, inside ``regex`` it means itself.

    Attributes:
        id: cases are called ``lookup-ID-001`` and so on.
        pick: SQL over the records; of its rows some are drawn, always the same ones.
        count: how many cases it becomes.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    family: Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$")]
    tags: list[Text] = []
    severity: Severity = "normal"
    pick: Text
    count: Annotated[int, Field(ge=1, le=1000)]
    subjects: Literal["all"] | list[Text] = []
    turns: Annotated[list[TemplateTurn], Field(min_length=1)]


class TemplateFile(Strict):
    """A file of templates over the data of one seed."""

    version: Literal["1"]
    now: date
    seed: Annotated[str, Field(pattern=r"^(base|generated:[1-9][0-9]*|\.{0,2}/.+)$")]
    templates: Annotated[list[Template], Field(min_length=1)]


def expand(template: Template, file: TemplateFile, records: Records) -> Iterator[Case]:
    """The cases that a template becomes.

    Raises:
        ValueError: its SQL is wrong or finds too few rows, or it names what was not picked.
    """
    body = template.model_dump(
        mode="json", by_alias=True, exclude_unset=True, exclude={"id", "count", "pick"}
    )
    for number, picked in enumerate(_picked(template, records)):
        turns = [
            _filled(turn | {"rep": turn["rep"][number % len(turn["rep"])]}, picked)
            for turn in body["turns"]
        ]
        yield Case.model_validate(
            body
            | {
                "id": f"lookup-{template.id}-{number + 1:03d}",
                "now": file.now,
                "seed": file.seed,
                "subjects": _filled(body.get("subjects", []), picked),
                "turns": turns,
            }
        )


def cases_of(
    document: Document, file: TemplateFile, records: Records
) -> Iterator[tuple[int, Case]]:
    """Each case of a file of templates, with the number of its template.

    Raises:
        SuiteError: a template cannot be expanded.
    """
    for number, template in enumerate(file.templates):
        place = ("templates", number)
        try:
            for case in expand(template, file, records):
                yield number, case
        except ValidationError as invalid:
            first = invalid.errors(include_url=False, include_input=False)[0]
            raise document.error((*place, *first["loc"]), first["msg"]) from None
        except ValueError as wrong:
            raise document.error((*place, "pick"), str(wrong)) from None


def _picked(template: Template, records: Records) -> list[Picked]:
    try:
        names, rows = records.database.table(template.pick)
    except DatabaseError as wrong:
        raise ValueError(str(wrong)) from None
    if any(value is None for row in rows for value in row):
        raise ValueError(f"{template.id}: a picked value is not known")
    different = sorted(set(rows))  # SQLite gives them in an order of its own
    if len(different) < template.count:
        raise ValueError(
            f"{template.id}: {template.count} rows are wanted, {len(different)} are there"
        )
    chance = Random(f"lookups:{template.id}")  # noqa: S311  # the same draw every time is wanted
    return [dict(zip(names, row, strict=True)) for row in chance.sample(different, template.count)]


def _filled(value: Any, picked: Picked, key: str = "") -> Any:
    """The value with what was picked in the place of each place holder."""
    if isinstance(value, str):
        return _PLACE_HOLDER.sub(lambda found: _spelled(found[1], picked, key), value)
    if isinstance(value, list):
        return [_filled(item, picked, key) for item in value]
    if isinstance(value, dict):
        return {name: _filled(item, picked, name) for name, item in value.items()}
    return value


def _spelled(name: str, picked: Picked, key: str) -> str:
    if name not in picked:
        raise ValueError(f"{{{name}}} is not among what is picked: {', '.join(picked)}")
    value = picked[name]
    if key == "sql":
        return str(value) if isinstance(value, (int, float)) else _literal(str(value))
    return re.escape(str(value)) if key == "regex" else str(value)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
