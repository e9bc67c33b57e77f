"""The verdict of a verification: the bound by hand, what passes, what does not, and estimates from repeated trials."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from laboratories import expanded, laboratory, laboratory_scenario
from silent_context import silent_context

from sim.execution.errors import ExecutionError
from sim.scenario import ScenarioError
from sim.study.base import Request
from sim.study.running import python_context, run_in, run_in_memory
from sim.study.settings import compose
from sim.study.verify import summary as verify_summary
from sim.study.verify.links import Link, VerifyJob, link_of
from sim.study.verify.result import Verification
from sim.study.verify.run import VerifyRun, prepare
from sim.study.verify.summary import LinkResult


def link(case: str, name: str = "", /, **symbols: Any) -> Link:
    return Link(name or case, laboratory(case, **symbols), expanded(case, **symbols))


def result(*ones: LinkResult) -> Verification:
    return Verification(ones, 1, "0" * 64)


def coin(total: int, trials: int = 10_000, **symbols: Any) -> LinkResult:
    """A definite range over its front: half of those who pass are detected, by geometry."""
    return LinkResult(link("definite_range", **symbols), trials, total, total, total)


# -- the bound --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("links", "bound"), [(1, 2.5758), (13, 3.3624)])
def test_bound_by_hand(links: int, bound: float) -> None:
    """Two-sided normal quantiles at 1 - .99^(1/n): .01 for one, .000772796 for thirteen."""
    found = result(*[coin(5000)] * links)
    assert found.bound == pytest.approx(bound, abs=2e-4)
    each = math.erfc(found.bound / math.sqrt(2))
    assert (1 - each) ** links == pytest.approx(0.99)


def test_passes_up_to_the_bound_and_not_beyond() -> None:
    """Of 10,000 throws 50 make a standard error: 5128 are 2.56 of them, 5130 2.60."""
    assert result(coin(5128)).passed
    assert not result(coin(5130)).passed
    assert not result(coin(4870)).passed
    assert coin(5130).z == pytest.approx(2.6)
    assert coin(5130).standard_error == pytest.approx(4 * 0.005)  # of the width, over a front of 4 R
    assert coin(5130).simulated == pytest.approx(4 * 0.513)


def test_one_that_differs_among_many_that_do_not_fails_them_all() -> None:
    found = result(coin(5000), coin(5200), coin(5000))
    assert [found.passes(one) for one in found.links] == [True, False, True]
    assert not found.passed


def test_a_rare_share_is_judged_by_its_own_law() -> None:
    """One hit where .02 are expected is 7 standard errors off and happens once in fifty times; three hits never do."""
    rare = link("duel", x=1, y=1, r=2e-6)
    assert LinkResult(rare, 10_000, 1, 1, 1).z > 6
    assert LinkResult(rare, 10_000, 1, 1, 1).tail == pytest.approx(-math.expm1(-0.02), rel=1e-3)
    assert result(LinkResult(rare, 10_000, 1, 1, 1)).passed
    assert not result(LinkResult(rare, 10_000, 3, 3, 3)).passed


def test_what_is_counted_several_times_is_judged_by_its_z() -> None:
    """Mean .625, variance .4 1.36/.64^2 - .625^2 = .9375: a standard error of 96.8 apprehensions of 10,000 persons."""
    trials = link("repeat_trials", N=1000.0, p=0.4, d=0.1)
    ones = [LinkResult(trials, 10_000, 6250 + more, 9000, 4000) for more in (0, 242, 252)]
    assert [round(one.z, 2) for one in ones] == [0.0, 2.5, 2.6]
    assert [result(one).passed for one in ones] == [True, True, False]
    assert ones[0].tail == 0.0


def test_where_nothing_is_random_a_single_miss_fails() -> None:
    sure = [coin(total, x=0.5) for total in (10_000, 9999)]
    assert [one.z for one in sure] == [0.0, -math.inf]
    assert [result(one).passed for one in sure] == [True, False]
    found = result(sure[1]).summary()
    assert found["z"] is None
    json.dumps(found, allow_nan=False)


# -- the summary -----------------------------------------------------------------------------------------------------


def test_a_single_link_stands_at_the_top() -> None:
    found = result(coin(5100)).summary()
    assert {key: found[key] for key in ("study", "experiment", "seed", "replications", "simulated", "exact")} == {
        "study": "verify",
        "experiment": "definite_range",
        "seed": 1,
        "replications": 10_000,
        "simulated": pytest.approx(2.04),
        "exact": pytest.approx(2.0),
    }
    assert found["z"] == pytest.approx(2.0)
    assert found["passed"] is True
    assert found["laboratory"]["R"] == 1.0
    assert found["cases"]["definite_range"]["z"] == found["z"]


def test_several_links_stand_by_name_only() -> None:
    found = result(coin(5000), LinkResult(link("duel"), 100, 78, 78, 78)).summary()
    assert found["experiment"] == "verification"
    assert set(found["cases"]) == {"definite_range", "duel"}
    assert "simulated" not in found
    assert found["passed"] is True


def test_a_failed_link_among_others_makes_passed_false_at_the_top_only_and_at_its_own() -> None:
    found = result(coin(5000), LinkResult(link("duel"), 100, 0, 0, 0)).summary()
    assert found["passed"] is False
    assert [one["passed"] for one in found["cases"].values()] == [True, False]


def test_estimates_from_records_of_apprehensions_by_hand() -> None:
    """Ten persons: six never caught, two once, one twice, one three times: 7 apprehensions, 3 of them not the first.

    r = 3/7; with d = .1 the estimate is 3/7/.9 = 10/21; of N = 1000, 700 apprehensions are expected, and
    700 (11/21)/(10/21) = 770 get away. By the true p = .4 it is 700 * 1.5 = 1050.
    """
    lab = laboratory("repeat_trials", N=1000.0, p=0.4, d=0.1)
    found = lab.estimates(trials=10, total=7, positive=4)
    assert found == {
        "reapprehended_fraction": pytest.approx(3 / 7),
        "apprehension_probability": pytest.approx(10 / 21),
        "got_away": pytest.approx(770.0),
        "true_got_away": pytest.approx(1050.0),
    }


def test_theorys_own_numbers_come_back() -> None:
    """625 of 1000 persons, 400 of them at least once: r = .36, p = .4, and 937.5 get away."""
    lab = laboratory("repeat_trials", N=1000.0, p=0.4, d=0.1)
    found = lab.estimates(trials=1000, total=625, positive=400)
    assert list(found.values()) == pytest.approx([0.36, 0.4, 937.5, 937.5])


@pytest.mark.parametrize(
    ("symbols", "counts", "missing"),
    [
        ({"p": 0.4, "d": 1.0}, (4, 4), {"apprehension_probability", "got_away"}),
        ({"p": 0.0, "d": 0.1}, (0, 0), {"all"}),
        ({"p": 0.4, "d": 0.1}, (4, 4), {"got_away"}),
    ],
    ids=["everybody gives up", "nobody is caught", "nobody is caught again"],
)
def test_what_cannot_be_estimated_is_null(
    symbols: dict[str, float], counts: tuple[int, int], missing: Sequence[str]
) -> None:
    lab = laboratory("repeat_trials", N=1000.0, **symbols)
    found = lab.estimates(10, *counts)
    nulls = {key for key, value in found.items() if value is None}
    assert nulls == (set(found) if "all" in missing else set(missing))


def test_the_reports_picture_is_a_png_with_a_caption() -> None:
    (figure,) = result(coin(5000)).figures()
    assert figure.name == "verification"
    assert figure.png.startswith(b"\x89PNG")
    assert "in standard errors" in figure.caption


# -- running ----------------------------------------------------------------------------------------------------------


SERIAL = python_context(workers=1, quiet=True, engine="compiled")


def run(links: Sequence[Link], replications: int) -> Verification:
    return run_in_memory(VerifyRun(tuple(links), replications, seed=1), SERIAL)


def test_a_right_model_passes() -> None:
    found = run([link("definite_range"), link("duel"), link("repeat_trials")], 4000)
    assert found.passed
    assert [one.trials for one in found.links] == [4000] * 3
    assert len(found.digest) == 64


WRONG: dict[str, tuple[str, tuple[str, ...]]] = {
    "a post nine tenths staffed": ("constant_rate", ("posts.0.staffing=0.9",)),
    "a patrol a tenth slower": ("barrier_patrol", ("patrols.0.speed_kmh=22",)),
    "a patrol on duty half the time": ("barrier_patrol", ("patrols.0.duty_share=0.5",)),
    "responders of another effectiveness": ("duel", ("engagement.effectiveness=1.2",)),
    "a group that minds minutes only": ("reliability_path", ("infiltrators.behaviour=unaware",)),
    "a sensor of shorter range": ("definite_range", ("posts.0.range_km=3.8",)),
    "haze": ("inverse_cube", ("sensors.laboratory.weather_sensitivity=1", "light.weather.0.visibility=0.9")),
    "a post that sees less at each attempt": ("repeat_trials", ("posts.0.staffing=0.9",)),
}


@pytest.mark.parametrize(("case", "changes"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_model_fails(case: str, changes: tuple[str, ...]) -> None:
    """A key set on top of the laboratory: the closed form knows nothing of it."""
    edges = {"edges": [["a", "b", 0.3], ["a", "b", 0.1]], "source": "a", "target": "b"}
    symbols = {"reliability_path": edges, "inverse_cube": {"x": 1.5}}.get(case, {})
    wrong = Link(case, laboratory(case, **symbols), laboratory_scenario(case, *changes, **symbols))
    assert not run([wrong], 20_000).passed


def test_where_no_number_is_named_there_are_a_hundred_thousand_replications() -> None:
    """And not those of the configuration, which are meant for comparisons."""
    words = ("study=verify", "experiment=verification/duel")
    assert prepare(Request(words), silent_context()).replications == 100_000
    assert prepare(Request((*words, "replications=2000")), silent_context()).replications == 2000


def test_every_report_holds_ten_thousand_replications_of_each_link(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_summary, "suite", lambda: (link("duel"),))
    assert verify_summary.check_now()["cases"]["duel"]["replications"] == 10_000


def test_a_case_that_cannot_be_enumerated_is_refused_before_anything_is_run() -> None:
    strip = ["control_strip.present=true", "control_strip.lines=[[[18.5,9.8],[22.5,11.5]]]"]
    config = compose(["experiment=verification/detection_chain", *strip])
    with pytest.raises(ScenarioError, match=r"control_strip\.present"):
        VerifyRun((link("duel"), link_of("chain", config)), 1000, seed=1)


def test_a_batch_that_fails_is_left_out_and_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right = VerifyJob._batch

    def fail_in_second(self: VerifyJob, link: int, batch: int) -> tuple[int, ...]:
        if batch == 1:
            raise RuntimeError("broken")
        return right(self, link, batch)

    monkeypatch.setattr(VerifyJob, "_batch", fail_in_second)
    found, _ = run_in(tmp_path / "run", VerifyRun((link("duel"),), 3000, seed=1), SERIAL)
    assert [one.trials for one in found.links] == [2000]
    (line,) = found.problems(tmp_path / "run")
    assert line.startswith("1 batches failed")
    assert (tmp_path / "run" / "failed.json").exists()


def test_where_every_batch_fails_there_is_nothing_to_verify(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> tuple[int, ...]:
        raise RuntimeError("broken")

    monkeypatch.setattr(VerifyJob, "_batch", fail)
    with pytest.raises(ExecutionError):
        run([link("duel")], 3000)


def test_a_configuration_without_a_laboratory_is_refused_with_those_there_are() -> None:
    with pytest.raises(ScenarioError, match=r"experiment: has no laboratory.*verification/duel"):
        link_of("default", compose([]))
