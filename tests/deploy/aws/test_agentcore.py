"""What AgentCore is told: the tools, who may call, and the settings that the programs know."""

from __future__ import annotations

from typing import Any

import pytest

from agent.entrypoints.commands.serve import require_callers
from agent.entrypoints.console.address import ConsoleAddress
from agent.entrypoints.rep_rule import GROUPS
from agent.entrypoints.terminal_sign_in import PATH, PORTS
from agent.settings import Settings, variable_names
from deploy.aws.contents import PACKAGES, PYTHON
from deploy.aws.starts.desk import secrets_in
from deploy.aws.templates import tool_schema_text
from tests.deploy.aws.cloudformation import nodes, resources, template, written
from tools.gateway import profile, warranty
from tools.gateway.schema import tool_schemas

NAMED = dict(resources())
TARGETS = {"warranty": "tools.WarrantyTarget", "profile": "tools.ProfileTarget"}
RUNTIMES = ["agent.Desk", "tools.Catalog"]
# CloudFormation's spelling of what JSON Schema calls these; the names of arguments stay.
SPELLED = {
    "Type": "type",
    "Description": "description",
    "Required": "required",
    "Properties": "properties",
    "Items": "items",
}


def environment(place: str, **given: str) -> dict[str, str]:
    """The variables of a runtime, as its program will see them."""
    variables = NAMED[place]["Properties"]["EnvironmentVariables"]
    worked_out: dict[str, str] = written(variables, place.partition(".")[0], **given)
    return worked_out


def as_json_schema(definition: dict[str, Any]) -> dict[str, Any]:
    """A schema of a template in JSON Schema's own spelling."""
    schema = {SPELLED[key]: value for key, value in definition.items()}
    if "properties" in schema:
        schema["properties"] = {
            name: as_json_schema(held) for name, held in schema["properties"].items()
        }
    if "items" in schema:
        schema["items"] = as_json_schema(schema["items"])
    return schema


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_offers_the_tools_of_the_one_schema(target: str) -> None:
    """What the gateway lists is what the handlers check and the local gateway lists."""
    properties = NAMED[TARGETS[target]]["Properties"]
    function = properties["TargetConfiguration"]["Mcp"]["Lambda"]
    offered = [
        {
            "name": tool["Name"],
            "description": tool["Description"],
            "inputSchema": as_json_schema(tool["InputSchema"]),
        }
        for tool in function["ToolSchema"]["InlinePayload"]
    ]
    assert offered == list(tool_schemas(target))
    assert properties["Name"] == target
    assert function["LambdaArn"] == {"Fn::GetAtt": [target.capitalize(), "Arn"]}


@pytest.mark.parametrize("target", TARGETS)
def test_a_gateway_s_schema_has_only_what_a_gateway_knows(target: str) -> None:
    """An enum or a pattern passes cfn-lint and is refused by AWS."""
    payload = NAMED[TARGETS[target]]["Properties"]["TargetConfiguration"]["Mcp"]["Lambda"][
        "ToolSchema"
    ]["InlinePayload"]
    types = {node["Type"] for node in nodes(payload) if isinstance(node, dict) and "Type" in node}
    assert types <= {"string", "number", "integer", "boolean", "object", "array"}
    assert all(len(f"{target}___{tool['Name']}") <= 64 for tool in payload)


def test_a_schema_that_a_gateway_does_not_know_is_refused_before_aws_does() -> None:
    """The message names what is too much."""
    from deploy.aws import templates

    with pytest.raises(ValueError, match="a gateway takes no enum"):
        templates._definition({"type": "string", "enum": ["a"]})


def test_the_schemas_are_put_in_as_one_line() -> None:
    """So that a line of the file is a line of what CloudFormation reports."""
    assert "\n" not in tool_schema_text("warranty")


@pytest.mark.parametrize(("target", "module"), [("warranty", warranty), ("profile", profile)])
def test_a_function_starts_the_handler_of_its_target(target: str, module: Any) -> None:
    """By a name that is there, on the Python and machine that its package is made for."""
    properties = NAMED[f"tools.{target.capitalize()}"]["Properties"]
    assert properties["Handler"] == f"{module.__name__}.lambda_handler"
    assert callable(module.lambda_handler)
    assert properties["Architectures"] == ["arm64"]
    assert properties["Runtime"] == f"python{PYTHON}"
    assert properties["Environment"]["Variables"] == {"DESKHAND_TABLE_PREFIX": {"Ref": "Prefix"}}


@pytest.mark.parametrize("place", ["tools.Warranty", "tools.Profile"])
def test_a_function_gives_up_before_the_desk_does(place: str) -> None:
    """Nothing works on for a call that nobody waits for."""
    timeout = NAMED[place]["Properties"]["Timeout"]
    assert timeout <= Settings.model_fields["tool_seconds"].default


@pytest.mark.parametrize("place", RUNTIMES)
def test_a_runtime_has_one_artifact_and_it_is_its_package(place: str) -> None:
    """Two kinds or none are refused by AWS and not by cfn-lint."""
    artifact = NAMED[place]["Properties"]["AgentRuntimeArtifact"]
    assert list(artifact) == ["CodeConfiguration"]
    code = artifact["CodeConfiguration"]
    assert code["Runtime"] == f"PYTHON_{PYTHON.replace('.', '_')}"
    assert code["EntryPoint"] == ["main.py"]
    assert code["Code"]["S3"]["Prefix"]["Ref"] in template(place.partition(".")[0])["Parameters"]


def test_every_package_is_taken_by_a_stack() -> None:
    """None is made for nothing."""
    from deploy.aws.templates import STACKS

    taken = {package for stack in STACKS for _, package in stack.packages}
    assert taken == {contents.name for contents in PACKAGES}


def test_reps_call_the_desk_and_the_desk_calls_the_tools() -> None:
    """By the client's id, because Cognito's access tokens have no audience."""
    allowed = {}
    for place in ("agent.Desk", "tools.Catalog", "tools.Gateway"):
        authorizer = NAMED[place]["Properties"]["AuthorizerConfiguration"]["CustomJWTAuthorizer"]
        assert "AllowedAudience" not in authorizer
        url = written(authorizer["DiscoveryUrl"], place.partition(".")[0])
        assert url == "<identity:issuer>/.well-known/openid-configuration"
        (client,) = written(authorizer["AllowedClients"], place.partition(".")[0])
        allowed[place] = (client, authorizer.get("AllowedScopes"))
    assert allowed == {
        "agent.Desk": ("<identity:rep-client>", None),
        "tools.Catalog": ("<identity:desk-client>", ["deskhand/read"]),
        "tools.Gateway": ("<identity:desk-client>", ["deskhand/read"]),
    }


def test_the_scope_is_the_one_that_the_desk_asks_for() -> None:
    """The resource server, the client and the setting agree."""
    api = NAMED["identity.Api"]["Properties"]
    (scope,) = api["Scopes"]
    name = f"{api['Identifier']}/{scope['ScopeName']}"
    assert name == Settings.model_fields["token_scope"].default
    assert NAMED["identity.DeskClient"]["Properties"]["AllowedOAuthScopes"] == [name]


def test_the_clients_are_what_they_should_be() -> None:
    """The desk's has a secret and no user; the reps' has users, PKCE and no secret."""
    desk = NAMED["identity.DeskClient"]["Properties"]
    reps = NAMED["identity.RepClient"]["Properties"]
    assert (desk["GenerateSecret"], desk["AllowedOAuthFlows"]) == (True, ["client_credentials"])
    assert (reps["GenerateSecret"], reps["AllowedOAuthFlows"]) == (False, ["code"])


def test_the_sign_ins_of_console_and_terminal_come_back_to_addresses_that_the_pool_knows() -> None:
    """Cognito compares them whole, port and all."""
    known = template("identity")["Parameters"]["ReturnUrls"]["Default"].split(",")
    console = ConsoleAddress("http://localhost:8000").callback
    assert known == [console, *(f"http://localhost:{port}{PATH}" for port in PORTS)]


def test_only_members_of_a_group_reach_the_desk() -> None:
    """The groups of the authorizer are the groups of the pool."""
    groups = {
        group["Properties"]["GroupName"] for _, group in resources("AWS::Cognito::UserPoolGroup")
    }
    authorizer = NAMED["agent.Desk"]["Properties"]["AuthorizerConfiguration"]["CustomJWTAuthorizer"]
    (claim,) = authorizer["CustomClaims"]
    match = claim["AuthorizingClaimMatchValue"]
    assert claim["InboundTokenClaimName"] == "cognito:groups"
    assert match["ClaimMatchOperator"] == "CONTAINS_ANY"
    assert set(match["ClaimMatchValue"]["MatchValueStringList"]) == groups
    assert groups == GROUPS


def test_the_token_reaches_the_desk_and_no_other_header_does() -> None:
    """Without being listed, ``Authorization`` is dropped; what else a caller sends is."""
    headers = NAMED["agent.Desk"]["Properties"]["RequestHeaderConfiguration"]
    assert headers == {"RequestHeaderAllowlist": ["Authorization"]}


def test_the_desk_is_given_settings_that_it_knows_and_all_that_it_needs() -> None:
    """Every variable is a setting, and the settings of a configured stack are complete."""
    variables = environment("agent.Desk")
    assert variables.keys() <= set(variable_names().values())
    settings = Settings.from_environment(_addresses(variables))
    settings.require_addresses()
    assert settings.region == "us-west-2"
    assert settings.table_prefix == "deskhand-dev"
    assert settings.stack == "aws-dev"
    assert settings.model_id == Settings.model_fields["model_id"].default


def test_the_desk_checks_the_tokens_that_agentcore_lets_through() -> None:
    """Of the same issuer and client, by keys that are reached from inside the network."""
    variables = environment("agent.Desk")
    authorizer = NAMED["agent.Desk"]["Properties"]["AuthorizerConfiguration"]["CustomJWTAuthorizer"]
    (client,) = written(authorizer["AllowedClients"], "agent")
    url = written(authorizer["DiscoveryUrl"], "agent")
    assert url == f"{variables['DESKHAND_ISSUER_URL']}/.well-known/openid-configuration"
    assert variables["DESKHAND_REP_CLIENT_ID"] == client
    assert variables["DESKHAND_KEYS_URL"] == "<identity:keys-url>"
    require_callers(Settings.from_environment(_addresses(variables)))


def test_the_catalogue_server_is_given_what_it_reads() -> None:
    """Its tables' prefix; its port and host are as AgentCore wants them without being set."""
    assert environment("tools.Catalog", prefix="p") == {
        "AWS_DEFAULT_REGION": "us-west-2",
        "DESKHAND_TABLE_PREFIX": "p",
    }


@pytest.mark.parametrize("place", RUNTIMES)
def test_a_runtime_s_variables_are_within_agentcore_s_limits(place: str) -> None:
    """50 variables of 2,048 characters."""
    variables = environment(place)
    assert len(variables) <= 50
    assert max(map(len, variables.values())) <= 2048


def test_no_secret_is_among_the_variables() -> None:
    """The client's secret is an address there, which the start of the desk takes for one."""
    variables = environment("agent.Desk")
    assert variables["DESKHAND_CLIENT_SECRET"] == "<identity:desk-secret>"
    address = "arn:aws:secretsmanager:us-west-2:111122223333:secret:deskhand-dev/desk-client-a1B2c3"
    asked = []

    def fetch(asked_for: str) -> dict[str, str]:
        asked.append(asked_for)
        return {"client_secret": "s3cret"}

    found = secrets_in({**variables, "DESKHAND_CLIENT_SECRET": address}, fetch)
    assert (found, asked) == ({"DESKHAND_CLIENT_SECRET": "s3cret"}, [address])


def test_the_secret_is_stored_as_the_start_reads_it() -> None:
    """And as AgentCore Identity reads it."""
    stored = NAMED["identity.DeskSecret"]["Properties"]["SecretString"]["Fn::Sub"]
    assert stored == '{"client_secret":"${DeskClient.ClientSecret}"}'
    provider = NAMED["tools.CredentialProvider"]["Properties"]["Oauth2ProviderConfigInput"]
    reference = provider["CustomOauth2ProviderConfig"]["ClientSecretConfig"]
    assert reference["JsonKey"] == "client_secret"


def test_aurora_is_asked_over_verified_tls_as_the_reader() -> None:
    """Without a password: the login is a token, which no template can hold."""
    dsn = environment("agent.Desk")["DESKHAND_AURORA_DSN"]
    assert dict(part.split("=") for part in dsn.split()) == {
        "host": "<database:database-host>",
        "port": "5432",
        "dbname": template("database")["Resources"]["Cluster"]["Properties"]["DatabaseName"],
        "user": "deskhand_reader",
        "sslmode": "verify-full",
    }


def test_the_catalogue_is_called_by_its_quoted_name() -> None:
    """AgentCore finds a runtime by its ARN in the path, with every colon and slash quoted."""
    output = template("tools")["Outputs"]["CatalogUrl"]["Value"]
    output["Fn::Sub"][1]["Arn"] = _with_arn(output["Fn::Sub"][1]["Arn"])
    assert written(output, "tools") == (
        "https://bedrock-agentcore.us-west-2.amazonaws.com/runtimes/"
        "arn%3Aaws%3Abedrock-agentcore%3Aus-west-2%3A111122223333%3Aruntime%2Fx-1"
        "/invocations?qualifier=DEFAULT"
    )


def _with_arn(value: Any) -> Any:
    """The value with a real ARN where the catalogue's stands."""
    if isinstance(value, dict) and "Fn::GetAtt" in value:
        return "arn:aws:bedrock-agentcore:us-west-2:111122223333:runtime/x-1"
    if isinstance(value, dict):
        return {key: _with_arn(held) for key, held in value.items()}
    return [_with_arn(held) for held in value] if isinstance(value, list) else value


def _addresses(variables: dict[str, str]) -> dict[str, str]:
    """The variables with an address in place of what only AWS knows."""
    urls = ("CATALOG_URL", "GATEWAY_URL", "TOKEN_URL", "ISSUER_URL", "KEYS_URL")
    return variables | {f"DESKHAND_{name}": "https://host.example/mcp" for name in urls}
