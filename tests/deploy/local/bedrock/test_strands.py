"""A Strands agent over the local Bedrock: what the desk will meet in production."""

from __future__ import annotations

import boto3
import pytest
from botocore.config import Config
from strands import Agent, tool
from strands.models.bedrock import BedrockModel
from strands.types.exceptions import (
    ContextWindowOverflowException,
    ModelThrottledException,
)

from deploy.local.bedrock.script import Step, say, use
from deploy.local.bedrock.scripted import ScriptedBedrock

MODEL_ID = "local.understudy"


@tool
def list_orders(customer_id: str) -> str:
    """List the orders of a customer."""
    return f"3 orders of {customer_id}"


def model_over(bedrock: ScriptedBedrock) -> BedrockModel:
    """A model without retries."""
    return BedrockModel(
        model_id=MODEL_ID,
        boto_session=boto3.Session(
            aws_access_key_id="local", aws_secret_access_key="local", region_name="us-west-2"
        ),
        endpoint_url=bedrock.url,
        boto_client_config=Config(retries={"total_max_attempts": 1}, read_timeout=5),
    )


async def test_an_agent_calls_a_tool_and_answers(scripted_bedrock: ScriptedBedrock) -> None:
    """The tool's input survives being cut, and its result is sent back."""
    calls = use(
        ("list_orders", {"customer_id": "CUST003"}), ("list_orders", {"customer_id": "Zoë"})
    )
    scripted_bedrock.script.replace([calls, say("He has three orders.")])
    agent = Agent(model=model_over(scripted_bedrock), tools=[list_orders], callback_handler=None)
    result = await agent.invoke_async("Which orders has CUST003?")
    assert str(result).strip() == "He has three orders."
    results = scripted_bedrock.bodies[1]["messages"][-1]["content"]
    assert [block["toolResult"]["content"] for block in results] == [
        [{"text": "3 orders of CUST003"}],
        [{"text": "3 orders of Zoë"}],
    ]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (Step(fault="throttle"), ModelThrottledException),
        (Step(fault="too_long"), ContextWindowOverflowException),
    ],
)
async def test_strands_knows_the_errors_of_the_wire(
    scripted_bedrock: ScriptedBedrock, step: Step, expected: type[Exception]
) -> None:
    """Throttling and a full context window arrive as Strands' own exceptions."""
    scripted_bedrock.script.replace([step])
    with pytest.raises(expected):
        async for _ in model_over(scripted_bedrock).stream(
            [{"role": "user", "content": [{"text": "Hello"}]}]
        ):
            pass
