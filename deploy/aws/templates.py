"""The stacks of an environment in the order in which they are made, and their templates' text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.gateway.schema import tool_schemas

FOLDER = Path(__file__).parent
MOST_BYTES = 51_200  # what CloudFormation takes as a text; a larger template needs a bucket

_MARKER = re.compile(r'"\{\{toolschema:([a-z]+)\}\}"')


@dataclass(frozen=True, slots=True)
class Stack:
    """One CloudFormation stack.

    Attributes:
        name: of its file; the stack itself is named ``PREFIX-NAME``.
        packages: parameter to the package whose key it takes.
        roles: whether it makes IAM roles, which CloudFormation wants to be told.
        keeps: whether something named in it stays when it is removed, and is taken up again when it
            is made anew.
    """

    name: str
    packages: tuple[tuple[str, str], ...] = ()
    roles: bool = False
    keeps: bool = False

    @property
    def file(self) -> Path:
        """The template as it was written."""
        return FOLDER / f"{self.name}.yaml"

    def template(self) -> str:
        """The template as CloudFormation gets it, with the gateway's tool schemas in place."""
        text = self.file.read_text(encoding="utf-8")
        return _MARKER.sub(lambda marker: tool_schema_text(marker[1]), text)

    def parameters(self) -> list[str]:
        """The names of what it takes."""
        return _keys(self.template(), "Parameters")

    def resources(self) -> dict[str, str]:
        """What it makes: logical id to type."""
        text = self.template()
        types = re.findall(
            r"^    Type: (AWS::\S+)$", text.partition("\nResources:")[2], re.MULTILINE
        )
        return dict(zip(_keys(text, "Resources"), types, strict=True))


# Each imports what those before it export. They are removed in the opposite order.
STACKS = (
    Stack("foundation", keeps=True),
    Stack("network"),
    Stack("data"),
    Stack("database"),
    Stack("tasks", packages=(("TasksPackage", "tasks"),), roles=True),
    Stack("identity"),
    Stack(
        "tools", packages=(("LambdaPackage", "lambda"), ("CatalogPackage", "catalog")), roles=True
    ),
    Stack("agent", packages=(("DeskPackage", "desk"),), roles=True),
)


def regions() -> list[str]:
    """The regions whose zones the network's template knows."""
    text = (FOLDER / "network.yaml").read_text(encoding="utf-8")
    return sorted(re.findall(r"^    ([a-z]{2}-[a-z]+-\d): \{First", text, re.MULTILINE))


def _keys(text: str, section: str) -> list[str]:
    """The names in a section of a template, as its lines are indented."""
    _, _, rest = text.partition(f"\n{section}:")
    body = re.split(r"^\S", rest, maxsplit=1, flags=re.MULTILINE)[0]
    return re.findall(r"^  (\w+):", body, re.MULTILINE)


def tool_schema_text(target: str) -> str:
    """A target's tools as the value of ``InlinePayload``; JSON is YAML."""
    tools = [
        {
            "Name": tool["name"],
            "Description": tool["description"],
            "InputSchema": _definition(tool["inputSchema"]),
        }
        for tool in tool_schemas(target)
    ]
    return json.dumps(tools, ensure_ascii=False)


def _definition(schema: dict[str, Any]) -> dict[str, Any]:
    """JSON Schema in CloudFormation's spelling, which begins its words with capitals."""
    known = {"type", "description", "required", "properties", "items"}
    if schema.keys() - known:
        raise ValueError(f"a gateway takes no {', '.join(sorted(schema.keys() - known))}")
    spelled: dict[str, Any] = {"Type": schema["type"]}
    if "description" in schema:
        spelled["Description"] = schema["description"]
    if "required" in schema:
        spelled["Required"] = schema["required"]
    if "properties" in schema:
        spelled["Properties"] = {
            name: _definition(held) for name, held in schema["properties"].items()
        }
    if "items" in schema:
        spelled["Items"] = _definition(schema["items"])
    return spelled
