"""Reads the templates as CloudFormation does, for the tests that judge them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import yaml

from deploy.aws.templates import STACKS, Stack

NAMES = [stack.name for stack in STACKS]
ACCOUNT = "111122223333"
REGION = "us-west-2"
NO_VALUE = "<nothing>"  # a property with this value is as if it were not written
# What CloudFormation knows by itself.
PSEUDO = {
    "AWS::NoValue": NO_VALUE,
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": "stack",
}


class Loader(yaml.CSafeLoader):
    """Reads the short functions as the long ones: ``!Ref x`` is ``{"Ref": "x"}``."""


def _function(loader: yaml.Loader, suffix: str, node: yaml.Node) -> Any:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        return {name: value.split(".", 1) if name == "Fn::GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {name: loader.construct_mapping(node, deep=True)}


Loader.add_multi_constructor("!", _function)


def stack_named(name: str) -> Stack:
    """The stack of that name."""
    return next(stack for stack in STACKS if stack.name == name)


@cache
def template(name: str) -> dict[str, Any]:
    """A stack's template, with the tool schemas in place."""
    read: dict[str, Any] = yaml.load(stack_named(name).template(), Loader)  # noqa: S506 - a safe one
    return read


def resources(*types: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """``stack.Resource`` and its definition, of all stacks; of these types when some are named."""
    for name in NAMES:
        for logical_id, resource in template(name)["Resources"].items():
            if not types or resource["Type"] in types:
                yield f"{name}.{logical_id}", resource


def nodes(value: Any) -> Iterator[Any]:
    """The value and everything in it."""
    yield value
    for held in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from nodes(held)


def imports(value: Any) -> set[str]:
    """The exports that a value imports, as their templates spell them."""
    return {
        node["Fn::ImportValue"]["Fn::Sub"]
        for node in nodes(value)
        if isinstance(node, dict) and "Fn::ImportValue" in node
    }


def exports(name: str) -> dict[str, Any]:
    """What a stack exports: name to value."""
    return {
        output["Export"]["Name"]["Fn::Sub"]: output["Value"]
        for output in template(name).get("Outputs", {}).values()
        if "Export" in output
    }


def written(
    value: Any,
    name: str,
    *,
    environment: str = "dev",
    prefix: str = "deskhand-dev",
    **given: Any,
) -> Any:
    """A value as CloudFormation works it out, with ``<…>`` for what only AWS knows.

    Args:
        value: of a template.
        name: of the stack it stands in.
        environment: dev or prod.
        prefix: of all names.
        given: parameters of the stack.
    """
    parameters = {
        parameter: told.get("Default", f"<{parameter}>")
        for parameter, told in template(name).get("Parameters", {}).items()
    }
    known = PSEUDO | parameters | {"Prefix": prefix, "Environment": environment} | given
    return _Worker(name, known).work(value)


def is_made(resource: dict[str, Any], name: str, **given: Any) -> bool:
    """Whether a resource of a stack is made under these parameters."""
    condition = {"Condition": resource.get("Condition", "")}
    return "Condition" not in resource or bool(written(condition, name, **given))


class _Worker:
    def __init__(self, stack: str, known: dict[str, Any]) -> None:
        self._stack = stack
        self._known = known

    def work(self, value: Any) -> Any:
        if isinstance(value, list):
            return [made for held in value if (made := self.work(held)) != NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((function, given),) = value.items()
            named = function == "Ref" or (function == "Condition" and isinstance(given, str))
            if named or function.startswith("Fn::"):
                return getattr(self, "_" + function.removeprefix("Fn::").lower())(given)
        worked = {key: self.work(held) for key, held in value.items()}
        return {key: held for key, held in worked.items() if held != NO_VALUE}

    def _ref(self, name: str) -> Any:
        return self._known.get(name, f"<{name}>")

    def _getatt(self, path: list[str]) -> str:
        return f"<{'.'.join(path)}>"

    def _sub(self, given: Any) -> str:
        text, more = given if isinstance(given, list) else (given, {})
        known = self._known | {name: self.work(value) for name, value in more.items()}
        for part in {piece.partition("}")[0] for piece in text.split("${")[1:]}:
            text = text.replace(f"${{{part}}}", str(known.get(part, f"<{part}>")))
        return str(text)

    def _if(self, given: list[Any]) -> Any:
        return self.work(given[1] if self._condition(given[0]) else given[2])

    def _condition(self, name: str) -> bool:
        return bool(self.work(template(self._stack)["Conditions"][name]))

    def _equals(self, given: list[Any]) -> bool:
        one, other = (str(self.work(held)) for held in given)
        return one == other

    def _not(self, given: list[Any]) -> bool:
        return not self.work(given[0])

    def _importvalue(self, given: Any) -> Any:
        name = given["Fn::Sub"]
        for stack in NAMES:
            if name in exports(stack):
                return f"<{stack}:{name.removeprefix('${Prefix}-')}>"
        raise AssertionError(f"nobody exports {name}")

    def _join(self, given: list[Any]) -> str:
        return str(given[0]).join(self.work(given[1]))

    def _split(self, given: list[Any]) -> list[str]:
        return str(self.work(given[1])).split(given[0])

    def _select(self, given: list[Any]) -> Any:
        return self.work(given[1])[int(given[0])]

    def _findinmap(self, given: list[Any]) -> Any:
        table, row, column = (self.work(held) for held in given)
        return template(self._stack)["Mappings"][table][row][column]
