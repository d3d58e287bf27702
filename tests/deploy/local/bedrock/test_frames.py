"""Frames are what botocore's parser reads, and pieces lose nothing."""

from __future__ import annotations

import json

import pytest
from botocore.eventstream import EventStreamBuffer
from hypothesis import given
from hypothesis import strategies as st

from deploy.local.bedrock.frames import event_frame, exception_frame, input_pieces, text_pieces


def test_botocore_reads_our_frames() -> None:
    """Lengths and checksums are right, however the bytes are cut on the way."""
    frames = event_frame("messageStart", {"role": "assistant"}) + exception_frame(
        "throttlingException", "Später"
    )
    buffer = EventStreamBuffer()
    messages = []
    for byte in frames:
        buffer.add_data(bytes([byte]))
        messages += list(buffer)
    assert [message.headers[":message-type"] for message in messages] == ["event", "exception"]
    assert json.loads(messages[0].payload) == {"role": "assistant"}
    assert json.loads(messages[1].payload) == {"message": "Später"}


@given(st.text())
def test_pieces_of_a_text_are_the_text(text: str) -> None:
    """No character is lost, whatever its script."""
    assert "".join(text_pieces(text)) == text


@given(st.dictionaries(st.text(), st.one_of(st.integers(), st.text(), st.none())))
def test_pieces_of_a_tool_input_are_its_json(given_input: dict[str, object]) -> None:
    """Joined, they parse to what was meant."""
    assert json.loads("".join(input_pieces(given_input))) == given_input


@pytest.mark.parametrize("text", ["", " ", "\n\n", "a", "  leading and trailing  "])
def test_no_piece_is_empty(text: str) -> None:
    """An empty delta is nothing that Bedrock sends."""
    assert "" not in text_pieces(text)
