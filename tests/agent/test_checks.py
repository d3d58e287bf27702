"""What asks whether systems answer does not wait for one that hangs."""

from __future__ import annotations

import asyncio
import socket

import pytest

from agent.checks import _model
from tests.agent.fakes import model_at


async def test_a_model_that_hangs_does_not_hold_up_the_end_of_the_program() -> None:
    """A program waits for the threads of its loop, and the model's client has half a minute."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        model = model_at(f"http://127.0.0.1:{silent.getsockname()[1]}", idle_seconds=20)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await _model(model)
        async with asyncio.timeout(5):
            await asyncio.get_running_loop().shutdown_default_executor()
