"""``./deskhand eval`` as a user runs it, on its own stack: every exit code, reports, recordings."""

from __future__ import annotations

import asyncio
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from agent.entrypoints.cli import deskhand
from agent.entrypoints.stack import open_stack
from deploy.local.bedrock.frames import Reply
from deploy.local.bedrock.script import ScriptedReply
from deploy.local.bedrock.understudy import respond
from deploy.local.bedrock.wire import BedrockEndpoint
from deploy.local.http_system import HttpSystem
from deploy.local.lease import lease
from deploy.local.lock import held_down
from deploy.local.state import StateFolder

pytestmark = [pytest.mark.stack, pytest.mark.timeout(180)]

RIGHT = """\
version: "1"
now: 2026-11-22
cases:
  - id: email-of-a-customer
    family: lookups
    tags: [quick]
    turns:
      - rep: "What is the email of CUST002?"
        outcome: answered
        say: {must: [{sql: "select email from users where customer_id='CUST002'"}]}
"""
WRONG = RIGHT.replace("{sql: \"select email from users where customer_id='CUST002'\"}", "Nobody")
BROKEN = RIGHT.replace("    turns:", "    faults: [{system: profile, kind: timeout}]\n    turns:")


@pytest.fixture(scope="module")
def root(open_folder: Path) -> Path:
    """A state folder of this module's own."""
    return open_folder / "evaluated"


@pytest.fixture(scope="module")
def stack(root: Path) -> Iterator[Mapping[str, str]]:
    """The private stack of the sample data, kept up so that each command finds it running."""
    root.mkdir(mode=0o711)
    state = StateFolder(root / "evals" / "base")
    with lease(state=state, pace=0) as leased:
        yield leased
    with held_down(state):
        pass


def evaluate(root: Path, *arguments: object, **variables: str) -> Result:
    """The command, with this state folder."""
    environment = {"DESKHAND_STATE_DIR": str(root), **variables}
    words = ["eval", *map(str, arguments)]
    return CliRunner().invoke(deskhand, words, obj=open_stack, env=environment)


def written(folder: Path, text: str) -> Path:
    """A file of cases."""
    path = folder / "cases.yaml"
    path.write_text(text)
    return path


def test_a_suite_that_passes_ends_with_0_and_says_where_its_reports_are(
    stack: Mapping[str, str], root: Path, tmp_path: Path
) -> None:
    """The reports are there, and each of them knows the case."""
    ran = evaluate(root, written(tmp_path, RIGHT))
    assert ran.exit_code == 0, ran.output
    folder = root / "evals" / "reports"
    for name in ("report.json", "junit.xml", "report.html"):
        assert str(folder / name) in ran.stdout.replace("\n", "")
    report = json.loads((folder / "report.json").read_text())
    assert [case["id"] for case in report["cases"]] == ["email-of-a-customer"]
    assert report["model_id"] == "local.understudy"
    assert ElementTree.parse(folder / "junit.xml").getroot() is not None  # noqa: S314  # our own file
    assert "email-of-a-customer" in (folder / "report.html").read_text()
    assert "[1/1] passed email-of-a-customer" in ran.stderr


def test_a_case_that_fails_ends_with_1(
    stack: Mapping[str, str], root: Path, tmp_path: Path
) -> None:
    """The files go where the user wants them."""
    json_file = tmp_path / "deep" / "report.json"
    ran = evaluate(root, written(tmp_path, WRONG), "--json", json_file)
    assert ran.exit_code == 1, ran.output
    assert json.loads(json_file.read_text())["cases"][0]["status"] == "failed"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--family", "nothing"], "No conversation is left"),
        (["--tag", "nothing"], "No conversation is left"),
        (["--case", "nothing-*"], "No conversation is left"),
        (["--replay", "/no/such/folder"], "there is no such folder"),
        (["--record", "a", "--replay", "b"], "Choose one of"),
        (["--baseline", "/no/such/file"], "no baseline to compare with"),
        (["--trials", "0"], "--trials"),
    ],
)
def test_bad_input_ends_with_2(root: Path, tmp_path: Path, more: list[str], said: str) -> None:
    """In a sentence, and without a stack."""
    ran = evaluate(root, written(tmp_path, RIGHT), *more)
    assert ran.exit_code == 2
    assert said in ran.stderr


def test_filters_that_fit_leave_the_case_in(
    stack: Mapping[str, str], root: Path, tmp_path: Path
) -> None:
    """All of them together."""
    filters = ["--family", "lookups", "--tag", "quick", "--case", "email-*"]
    assert evaluate(root, written(tmp_path, RIGHT), *filters).exit_code == 0


def test_a_model_that_cannot_be_asked_ends_with_3(
    stack: Mapping[str, str], root: Path, tmp_path: Path
) -> None:
    """Nothing was judged: that is neither a pass nor a failure of the desk."""
    ran = evaluate(
        root,
        written(tmp_path, RIGHT),
        *("--model", "no.such-model"),
        AWS_ENDPOINT_URL_BEDROCK_RUNTIME=stack["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"],
        AWS_ACCESS_KEY_ID="local",
        AWS_SECRET_ACCESS_KEY="local",
    )
    assert ran.exit_code == 3, ran.output
    assert "model_refused" in ran.stdout


def test_a_recording_replays_and_a_changed_question_is_a_miss_that_ends_with_3(
    stack: Mapping[str, str], root: Path, tmp_path: Path
) -> None:
    """With a fault in between; the replay asks no model, and says that it was one."""
    tapes = tmp_path / "tapes"
    file = written(tmp_path, BROKEN.replace("email of", "tier of").replace("email from", "id from"))
    file.write_text(
        file.read_text()
        .replace("outcome: answered", "outcome: [partial, unavailable]")
        .replace(
            "say: {must: [{sql: \"select id from users where customer_id='CUST002'\"}]}",
            "unavailable: [profile]",
        )
    )
    assert evaluate(root, file, "--record", tapes).exit_code == 0
    report = tmp_path / "report.json"
    replayed = evaluate(root, file, "--replay", tapes, "--json", report)
    assert replayed.exit_code == 0, replayed.output
    assert json.loads(report.read_text())["replayed"] is True
    file.write_text(file.read_text().replace("tier of CUST002", "tier of CUST003"))
    missed = evaluate(root, file, "--replay", tapes, "--json", report)
    assert missed.exit_code == 3, missed.output
    (trial,) = json.loads(report.read_text())["cases"][0]["trials"]
    assert "'email-of-a-customer' is not on the tape" in trial["error"]


def test_a_run_that_is_worse_than_its_baseline_ends_with_4(
    stack: Mapping[str, str], root: Path, tmp_path: Path
) -> None:
    """A case that always passed with this very model does not any more."""
    baseline = tmp_path / "baseline.json"
    case = {"passes": 1, "trials": 1, "p50_ms": 100, "tokens": 10}
    known = {"version": 1, "model_id": "local.understudy", "prompt_hashes": [], "commit": ""}
    known |= {"data_hashes": {}, "cases": {"email-of-a-customer": case}}
    baseline.write_text(json.dumps(known))
    assert evaluate(root, written(tmp_path, RIGHT), "--baseline", baseline).exit_code == 0
    ran = evaluate(root, written(tmp_path, WRONG), "--baseline", baseline)
    assert ran.exit_code == 4, ran.output


def test_trials_are_held_and_counted(stack: Mapping[str, str], root: Path, tmp_path: Path) -> None:
    """Each in conversations of its own."""
    report = tmp_path / "report.json"
    ran = evaluate(root, written(tmp_path, RIGHT), "--trials", "3", "--json", report)
    assert ran.exit_code == 0, ran.output
    trials = json.loads(report.read_text())["cases"][0]["trials"]
    assert [trial["number"] for trial in trials] == [1, 2, 3]


def rate_or_answer(request: dict[str, Any]) -> Reply:
    """A model that is asked by the desk, and rates what a judge asks it about."""
    tools = [tool["toolSpec"]["name"] for tool in request["toolConfig"]["tools"]]
    if tools != ["GoalSuccessAssertionRating"]:
        return respond(request)
    rating = {"reasoning": "It does.", "verdict": "SUCCESS"}
    use = {"toolUseId": "rating", "name": tools[0], "input": rating}
    return ScriptedReply([{"toolUse": use}], "tool_use")


async def test_a_live_model_answers_and_judges_and_its_recording_needs_it_no_more(
    stack: Mapping[str, str], root: Path, tmp_path: Path
) -> None:
    """The data stays local while the model is somewhere else, over the real protocol."""
    file = written(
        tmp_path, RIGHT.replace("        say:", '        judge: "Is polite."\n        say:')
    )
    report, tapes = tmp_path / "report.json", tmp_path / "tapes"
    endpoint = HttpSystem()
    await endpoint.start(BedrockEndpoint(rate_or_answer, model_id="some.live-model").app)
    live = {
        "AWS_ENDPOINT_URL_BEDROCK_RUNTIME": endpoint.url,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
    }
    wanted = [file, "--model", "some.live-model", "--json", report]
    try:
        ran = await asyncio.to_thread(evaluate, root, *wanted, "--record", tapes, **live)
    finally:
        await endpoint.stop()
        endpoint.close()
    assert ran.exit_code == 0, ran.output
    replayed = await asyncio.to_thread(evaluate, root, *wanted, "--replay", tapes, **live)
    assert replayed.exit_code == 0, replayed.output
    told = json.loads(report.read_text())
    verdicts = {
        said["scorer"]: said["status"] for said in told["cases"][0]["trials"][0]["verdicts"]
    }
    assert (told["model_id"], told["replayed"]) == ("some.live-model", True)
    assert verdicts["judge"] == "passed"
