"""The CloudFormation file of the tables keeps the promises that the tools build on."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from deploy.local.dynamodb import TABLES, TEMPLATE


class _Loader(yaml.CSafeLoader):
    """Reads CloudFormation's short functions as their own text or list."""


def _function(loader: yaml.Loader, _: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    assert isinstance(node, yaml.SequenceNode)
    return loader.construct_sequence(node)


_Loader.add_multi_constructor("!", _function)


def tables() -> dict[str, dict[str, Any]]:
    """The tables of the file, by what they hold."""
    resources = yaml.load(TEMPLATE.read_text(), Loader=_Loader)["Resources"]  # noqa: S506 - a safe one
    assert {resource["Type"] for resource in resources.values()} == {"AWS::DynamoDB::Table"}
    properties = [resource["Properties"] for resource in resources.values()]
    return {held["TableName"].removeprefix("${Prefix}-"): held for held in properties}


def test_the_file_makes_exactly_the_tables_of_the_stack() -> None:
    """Named by the prefix, so that stacks do not collide."""
    assert sorted(tables()) == sorted(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_encrypted_recoverable_and_guarded_in_production(name: str) -> None:
    """And paid for by use."""
    table = tables()[name]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS"}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["DeletionProtectionEnabled"] == ["Production", True, False]


@pytest.mark.parametrize("name", ["verifications", "conversations"])
def test_what_is_over_is_removed(name: str) -> None:
    """By the attribute that carries the time of it."""
    expiry = {"AttributeName": "expires_at", "Enabled": True}
    assert tables()[name]["TimeToLiveSpecification"] == expiry


def test_no_index_holds_a_date_of_birth() -> None:
    """Indexes on profiles list what they hold, so a new attribute is in none by itself."""
    for index in tables()["profiles"]["GlobalSecondaryIndexes"]:
        assert index["Projection"]["ProjectionType"] == "INCLUDE"
        assert "date_of_birth" not in index["Projection"]["NonKeyAttributes"]


def test_a_table_defines_the_attributes_of_its_keys_and_no_others() -> None:
    """CloudFormation refuses one too many or too few, the emulator does not."""
    for table in tables().values():
        schemas = [table, *table.get("GlobalSecondaryIndexes", [])]
        used = {key["AttributeName"] for schema in schemas for key in schema["KeySchema"]}
        assert {held["AttributeName"] for held in table["AttributeDefinitions"]} == used


def test_the_file_has_no_yaml_alias() -> None:
    """CloudFormation refuses aliases."""
    events = yaml.parse(TEMPLATE.read_text())
    assert not any(isinstance(event, yaml.AliasEvent) for event in events)
