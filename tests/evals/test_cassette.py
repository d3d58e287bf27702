"""Recorded model calls: found again by what was asked, whatever else differs between runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evals.cassette import Cassette, CassetteError, CassetteMiss, request_hash
from evals.scope import Scope, entered

EVENTS = [{"messageStart": {"role": "assistant"}}, {"messageStop": {"stopReason": "end_turn"}}]


class Service:
    """A client of Bedrock Runtime that answers the same to everybody and counts."""

    def __init__(self) -> None:
        self.asked = 0

    def converse_stream(self, **request: Any) -> dict[str, Any]:
        """The events."""
        self.asked += 1
        return {"stream": iter([*EVENTS, {"metadata": {"number": self.asked}}])}


class Nobody:
    """A client that must not be asked."""

    def converse_stream(self, **request: Any) -> dict[str, Any]:
        """Fails."""
        raise AssertionError("the model was asked")


def request(*ids: str, results: tuple[int, ...] = (0, 1), system: str = "Be brief.") -> Any:
    """A model call after two tools have answered, in this order."""
    uses = [{"toolUse": {"toolUseId": one, "name": "get_order", "input": {}}} for one in ids]
    answers = [
        {"toolResult": {"toolUseId": ids[place], "content": [{"text": f"result {place}"}]}}
        for place in results
    ]
    return {
        "modelId": "some.model",
        "system": [{"text": system}],
        "messages": [
            {"role": "user", "content": [{"text": "Orders 3 and 4?"}]},
            {"role": "assistant", "content": uses},
            {"role": "user", "content": answers},
        ],
        "toolConfig": {"tools": []},
    }


def play(cassette: Cassette, client: Any, asked: Any, *, case: str = "one", trial: int = 1) -> Any:
    """One call of a trial."""
    with entered(Scope(case, trial)):
        return list(cassette.client(client).converse_stream(**asked)["stream"])


def test_ids_of_tool_uses_and_the_order_of_results_are_no_part_of_the_question() -> None:
    """Both differ from run to run while the conversation is the same."""
    first = request_hash(request("tooluse_a", "tooluse_b"))
    assert first == request_hash(request("tooluse_x", "tooluse_y", results=(1, 0)))


@pytest.mark.parametrize(
    "other",
    [
        request("a", "b", system="Be long."),
        request("a", "b") | {"modelId": "other.model"},
        request("a", "b") | {"toolConfig": {"tools": [], "toolChoice": {"any": {}}}},
        request("a", "b") | {"inferenceConfig": {"maxTokens": 5}},
        request("a", "b") | {"messages": request("a", "b")["messages"][:1]},
    ],
    ids=["prompt", "model", "choice", "configuration", "messages"],
)
def test_everything_else_is_part_of_the_question(other: Any) -> None:
    """Another prompt, another model, other tools: another answer may be right."""
    assert request_hash(request("a", "b")) != request_hash(other)


def test_a_recording_answers_in_the_place_of_the_model(tmp_path: Path) -> None:
    """The same call a second time has its own answer, and so has each trial."""
    asked, service = request("a", "b"), Service()
    record = Cassette(tmp_path, "record")
    wanted = [play(record, service, asked, trial=trial) for trial in (1, 1, 2)]
    replay = Cassette(tmp_path, "replay")
    assert [play(replay, Nobody(), asked, trial=trial) for trial in (1, 1, 2)] == wanted
    assert [path.name for path in tmp_path.iterdir()] == ["one.jsonl"]


def test_a_call_that_is_not_on_the_tape_is_the_trouble_of_its_trial(tmp_path: Path) -> None:
    """It is told to the runner too, because a desk makes an ordinary failure of it."""
    play(Cassette(tmp_path, "record"), Service(), request("a", "b"))
    replay = Cassette(tmp_path, "replay")
    with entered(Scope("one", 1)) as scope, pytest.raises(CassetteMiss, match="'one'"):
        replay.client(Nobody()).converse_stream(**request("a", "b", system="Changed."))
    assert scope.troubles == ["a model call of the case 'one' is not on the tape"]


def test_an_answer_that_broke_off_is_not_kept(tmp_path: Path) -> None:
    """A tape holds whole answers only."""
    with entered(Scope("one", 1)):
        record = Cassette(tmp_path, "record")
        stream = record.client(Service()).converse_stream(**request("a", "b"))["stream"]
        next(stream)
        stream.close()
    assert list(tmp_path.iterdir()) == []


def test_recording_again_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    """Calls that are not made any more are gone."""
    play(Cassette(tmp_path, "record"), Service(), request("a", "b", system="Old."))
    play(Cassette(tmp_path, "record"), Service(), request("a", "b", system="New."))
    assert len((tmp_path / "one.jsonl").read_text().splitlines()) == 1


def test_a_folder_or_a_tape_that_is_none_is_named(tmp_path: Path) -> None:
    """Before anything is asked, as far as that is possible."""
    with pytest.raises(CassetteError, match="there is no such folder"):
        Cassette(tmp_path / "nowhere", "replay")
    (tmp_path / "one.jsonl").write_text("{}\n")
    with pytest.raises(CassetteError, match="one.jsonl: is no recording"):
        play(Cassette(tmp_path, "replay"), Nobody(), request("a", "b"))
