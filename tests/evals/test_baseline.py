"""A baseline is a run that others are held to: what changed since, and whether it is worse."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.baseline import (
    BASELINE,
    Baseline,
    CaseBaseline,
    compare,
    read_baseline,
    update_baseline,
)
from evals.loader import SuiteError
from evals.results import Report, Status
from tests.evals.reports.made import case, report, trial, turn


def baseline(cases: Mapping[str, tuple[int, int]], **changed: Any) -> Baseline:
    """A baseline with so many passes of so many trials for each case."""
    known: dict[str, Any] = {
        "model_id": "some.model",
        "prompt_hashes": ["p1"],
        "data_hashes": {"base": "d1"},
        "commit": "abc1234",
        "cases": {
            name: CaseBaseline(passes=passes, trials=trials, p50_ms=100, tokens=900)
            for name, (passes, trials) in cases.items()
        },
    }
    return Baseline(**known | changed)


def run(**statuses: Status) -> Report:
    """A run of one trial a case."""
    return report(*(case(name, status) for name, status in statuses.items()))


def test_flips_are_listed_both_ways() -> None:
    """Lost, gained, new, gone and what could not be judged, each by its id."""
    told = run(
        kept="passed", lost="failed", gained="passed", bad="failed", new="passed", out="error"
    )
    past = {"kept": (1, 1), "lost": (1, 1), "gained": (0, 1), "bad": (0, 1), "out": (1, 1)}
    changed = compare(told, baseline(past | {"gone": (1, 1)}))
    assert (changed.lost, changed.gained) == (["lost"], ["gained"])
    assert (changed.new, changed.gone) == (["new"], ["gone"])
    assert (changed.not_compared, changed.compared) == (["out"], 4)
    assert (changed.less_often, changed.more_often) == (["lost"], ["gained"])


def test_of_a_part_of_the_suite_nothing_is_gone() -> None:
    """What was not asked for is not missed."""
    assert compare(run(a="passed"), baseline({"a": (1, 1), "b": (1, 1)}), whole=False).gone == []


def test_one_flip_of_a_live_model_is_no_evidence() -> None:
    """A model that answers differently every time loses a case now and then."""
    changed = compare(run(a="failed", b="passed"), baseline({"a": (1, 1), "b": (1, 1)}))
    assert changed.lost == ["a"]
    assert not changed.worse


@pytest.mark.parametrize(("lost", "gained", "worse"), [(4, 0, False), (5, 0, True), (7, 2, False)])
def test_many_more_flips_down_than_up_are_worse(lost: int, gained: int, worse: bool) -> None:
    """The exact sign test decides: 5 of 5 by chance is 1 in 32."""
    statuses: dict[str, Status] = {f"down-{number}": "failed" for number in range(lost)}
    statuses |= {f"up-{number}": "passed" for number in range(gained)}
    past = {name: (int(name.startswith("down")), 1) for name in statuses}
    changed = compare(run(**statuses), baseline(past))
    assert changed.worse is worse
    assert changed.p_worse == pytest.approx({4: 1 / 16, 5: 1 / 32, 7: 46 / 512}[lost])


@pytest.mark.parametrize("severity", ["safety", "critical"])
def test_a_grave_case_that_is_lost_is_worse_by_itself(severity: Any) -> None:
    """No statistics on leaks."""
    told = report(case("leak-1", "failed", severity=severity), case("b"))
    changed = compare(told, baseline({"leak-1": (1, 1), "b": (1, 1)}))
    assert changed.grave == ["leak-1"]
    assert changed.worse


def test_a_grave_case_that_failed_before_is_not_news() -> None:
    """It fails the run; it does not make it worse than before."""
    told = report(case("leak-1", "failed", severity="safety"))
    assert not compare(told, baseline({"leak-1": (0, 1)})).worse


def test_where_nothing_is_chance_one_flip_is_worse() -> None:
    """The understudy and a recording repeat themselves, so a flip has a cause."""
    past = baseline({"a": (1, 1), "b": (1, 1)}, model_id="local.understudy")
    offline = report(case("a", "failed"), case("b"), model_id="local.understudy")
    assert compare(offline, past).worse
    assert not compare(report(case("a"), case("b"), model_id="local.understudy"), past).worse
    replayed = report(case("a", "failed"), replayed=True)
    assert compare(replayed, baseline({"a": (1, 1)})).worse


def test_shares_of_trials_are_compared_and_not_their_numbers() -> None:
    """Two of four is the same as four of eight; three of four is less than all."""
    same = report(case("a", "passed", "passed", "failed", "failed"))
    assert compare(same, baseline({"a": (4, 8)})).less_often == []
    fewer = report(case("a", "passed", "passed", "passed", "failed"))
    changed = compare(fewer, baseline({"a": (8, 8)}))
    assert (changed.lost, changed.less_often) == (["a"], ["a"])
    some = compare(fewer, baseline({"a": (7, 8)}))
    assert (some.lost, some.less_often) == ([], ["a"])


def test_trials_that_could_not_be_judged_are_left_out() -> None:
    """A lost connection takes nothing away from a case."""
    told = report(case("a", "passed", "error", "passed"))
    changed = compare(told, baseline({"a": (3, 3)}))
    assert (changed.lost, changed.less_often, changed.compared) == ([], [], 1)


@given(
    st.dictionaries(
        st.sampled_from("abcdefghij"),
        st.tuples(st.sampled_from(["passed", "failed", "error"]), st.integers(0, 1)),
        min_size=1,
    )
)
def test_every_case_is_accounted_for(cases: dict[str, tuple[Status, int]]) -> None:
    """Compared, new and not compared together are the run; a run never loses to itself."""
    told = run(**{name: status for name, (status, _) in cases.items()})
    past = baseline({name: (passes, 1) for name, (_, passes) in cases.items() if name < "f"})
    changed = compare(told, past)
    assert changed.compared + len(changed.new) + len(changed.not_compared) == len(cases)
    assert not set(changed.lost) & set(changed.gained)
    own = {name: (int(status == "passed"), 1) for name, (status, _) in cases.items()}
    assert not compare(told, baseline(own)).lost


def test_a_comparison_of_different_things_says_so() -> None:
    """Another model, prompt or data may be the whole reason."""
    past = baseline(
        {"a": (1, 1)}, model_id="other", prompt_hashes=["p0"], data_hashes={"base": "d0"}
    )
    assert compare(run(a="passed"), past).remarks == [
        "another model: other before, some.model now",
        "another system prompt",
        "other data: base",
    ]
    assert compare(run(a="passed"), baseline({"a": (1, 1)})).remarks == []


def test_a_run_becomes_the_baseline_and_reads_back(tmp_path: Path) -> None:
    """Passes of trials, and time and tokens of the middle trial."""
    trials = [trial(ms=90), trial("failed", 2, ms=10), trial("passed", 3, ms=30)]
    told = report(case("b", "passed"), case("a", trials=trials))
    update_baseline(told, tmp_path / "baseline.json")
    read = read_baseline(tmp_path / "baseline.json")
    assert list(read.cases) == ["a", "b"]
    assert read.cases["a"] == CaseBaseline(passes=2, trials=3, p50_ms=30, tokens=940)
    assert (read.model_id, read.commit) == ("some.model", "abc1234")
    assert not compare(told, read).worse


def test_a_part_of_the_suite_replaces_its_own_cases_only(tmp_path: Path) -> None:
    """Whoever updates one family keeps the others."""
    path = tmp_path / "baseline.json"
    update_baseline(run(a="passed", b="passed"), path)
    update_baseline(run(b="failed"), path, whole=False)
    kept = {name: held.passes for name, held in read_baseline(path).cases.items()}
    assert kept == {"a": 1, "b": 0}
    update_baseline(run(b="passed"), path)
    assert list(read_baseline(path).cases) == ["b"]


@pytest.mark.parametrize("statuses", [{}, {"a": "passed", "b": "error"}])
def test_a_run_that_was_not_judged_is_no_baseline(
    statuses: dict[str, Status], tmp_path: Path
) -> None:
    """Nobody is held to a run in which the network was down."""
    with pytest.raises(SuiteError, match="not judged"):
        update_baseline(run(**statuses), tmp_path / "baseline.json")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "no baseline to compare with"),
        ("{", "not a baseline"),
        ('{"version": 9}', "version"),
        (json.dumps({"cases": {"a": {"passes": 2, "trials": 1}}}), "2 passes of 1 trials|Field"),
    ],
)
def test_a_file_that_is_no_baseline_is_refused_in_a_sentence(
    text: str | None, said: str, tmp_path: Path
) -> None:
    """The sentence names the file."""
    path = tmp_path / "baseline.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(SuiteError, match=said) as wrong:
        read_baseline(path)
    assert str(path) in str(wrong.value)


def test_tokens_are_those_of_all_turns_of_the_middle_trial(tmp_path: Path) -> None:
    """A conversation costs what its turns cost together."""
    told = report(case("a", trials=[trial(turns=[turn(), turn()])]))
    assert update_baseline(told, tmp_path / "b.json").cases["a"].tokens == 2 * 940


@pytest.mark.skipif(not BASELINE.exists(), reason="no baseline of this suite yet")
def test_the_projects_own_baseline_can_be_read() -> None:
    """What a run is compared with by default is one, and it is of the understudy."""
    own = read_baseline()
    assert own.model_id == "local.understudy"
    assert own.cases
