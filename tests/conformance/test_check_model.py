"""`sim.check_model` as a whole: its report, what it refuses, and that no model can bring it down."""

from __future__ import annotations

import re
import subprocess
import sys
import types
from functools import partial
from pathlib import Path
from typing import Any

import faulty_models as faulty
import pytest

import sim
from sim.conformance import CHECKS, Conformance, ConformanceError, Finding, Problem, check_processes
from sim.conformance.check_memory import MOST_BYTES
from sim.conformance.check_processes import rows_of_new_processes
from sim.scenario import Scenario, ScenarioError

SLOW = ("processes", "memory")


@pytest.fixture(scope="module")
def valley() -> Scenario:
    return sim.load_scenario("conformance")


@pytest.fixture
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """One new process in place of two: the second only makes it likelier that an order of hashes shows."""
    monkeypatch.setattr(check_processes, "rows_of_new_processes", partial(rows_of_new_processes, processes=1))


def checked(model: type[sim.BorderModel], valley: Scenario, *leave_out: str, **more: Any) -> Conformance:
    return sim.check_model(model, valley, replications=1, leave_out=leave_out or SLOW, **more)


def all_but(*wanted: str) -> tuple[str, ...]:
    return tuple(name for name in CHECKS if name not in wanted)


@pytest.mark.usefixtures("one_process")
def test_the_plain_model_conforms_in_this_process_and_in_another(valley: Scenario) -> None:
    report = sim.check_model(sim.BorderModel, valley, replications=1, leave_out=["memory"])
    assert report.passed, str(report)
    assert report
    report.raise_if_failed()
    assert [finding.name for finding in report.findings] == [name for name in CHECKS if name != "memory"]


@pytest.mark.usefixtures("one_process")
@pytest.mark.parametrize("model", [faulty.Hashing, pytest.param(faulty.Sticky, marks=pytest.mark.long)])
def test_other_processes_show_what_this_one_cannot(model: type[sim.BorderModel], valley: Scenario) -> None:
    report = sim.check_model(model, valley, ["without"], 2, leave_out=all_but("runs", "seeds", "processes"))
    assert [finding.name for finding in report.failures] == ["processes"], str(report)
    (problem,) = report.finding("processes").problems
    assert "another process gives other rows" in problem.what
    assert "entity(name) in place of hash(name)" in problem.cure
    assert "never in a class" in problem.cure


@pytest.mark.long
@pytest.mark.parametrize("model", [sim.BorderModel, faulty.Ambush])
def test_models_without_a_fault_conform_on_the_default_cases(model: type[sim.BorderModel]) -> None:
    report = sim.check_model(model)
    assert report.passed, str(report)


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (faulty.Raising, "ZeroDivisionError: division by zero (faulty_models.py, line "),
        (faulty.Quitting, "SystemExit: 3 (faulty_models.py, line "),
        (faulty.OtherArguments, "unexpected keyword argument 'rng'"),
    ],
)
def test_an_error_is_a_failure_with_the_last_line_of_the_traceback(
    model: type[sim.BorderModel], said: str, valley: Scenario
) -> None:
    report = checked(model, valley)
    (failure,) = report.failures
    assert failure.name == "runs"
    assert said in failure.problems[0].what
    assert f"model={model.__name__}" in failure.problems[0].cure
    assert {finding.status for finding in report.findings[1:]} == {"not tried"}
    assert not report.passed


def test_an_error_says_in_which_run_it_was(valley: Scenario) -> None:
    what = checked(faulty.Raising, valley).failures[0].problems[0].what
    assert "in where), in replication 0 of arm without of conformance" in what


def test_a_constructor_of_ones_own_is_answered_with_what_studies_give_it(valley: Scenario) -> None:
    _, problem = checked(faulty.OtherArguments, valley).finding("runs").problems
    assert "*args and **kwargs" in problem.cure


@pytest.mark.parametrize("error", [RecursionError, MemoryError, KeyError, SystemExit])
def test_no_error_of_a_later_check_brings_it_down(
    error: type[BaseException], valley: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Moody(sim.BorderModel):
        calls = 0

        def rows(self) -> list[dict[str, Any]]:
            type(self).calls += 1
            if self.calls > 2:
                raise error
            return super().rows()

    report = checked(Moody, valley)
    assert [finding.name for finding in report.failures] == ["conservation", "global_random", "pickling"]
    assert error.__name__ in report.finding("global_random").problems[0].what


@pytest.mark.parametrize("model", [faulty.Gambler, faulty.NumpyGambler])
def test_what_is_never_the_same_twice_is_blamed_for_that_alone(model: type[sim.BorderModel], valley: Scenario) -> None:
    """Any other check would take chance for a fault of its own."""
    report = checked(model, valley)
    assert [finding.name for finding in report.failures] == ["global_random"]
    for name in ("seeds", "streams", "pairing"):
        assert "global_random" in report.finding(name).not_tried


def test_a_class_of_a_notebook_is_asked_to_move(valley: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    class Written(sim.BorderModel):
        pass

    Written.__module__, Written.__qualname__ = "__main__", "Written"
    monkeypatch.setitem(sys.modules, "__main__", types.ModuleType("__main__"))
    report = checked(Written, valley, *all_but("runs", "schema", "pickling", "processes"))
    (problem,) = report.finding("pickling").problems
    assert "in a notebook or at the prompt" in problem.what
    assert "module of its own" in problem.cure
    assert report.finding("processes").status == "not tried"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (sim.Patrol, "an agent: name Patrol in one, as its patrol_class"),
        (faulty.WearyPost, "an agent: name WearyPost in one, as its post_class"),
        (dict, "<class 'dict'>"),
        (None, "None"),
        ("BorderModel", "'BorderModel'"),
    ],
)
def test_what_is_no_model_is_refused_in_one_line(given: Any, said: str) -> None:
    with pytest.raises(TypeError) as refused:
        sim.check_model(given)
    assert str(refused.value) == f"check_model takes a subclass of sim.BorderModel, not {said}"


def test_an_instance_is_refused_and_its_class_named(valley: Scenario) -> None:
    model = sim.BorderModel(valley)
    with pytest.raises(TypeError, match=r"an instance: pass the class, check_model\(BorderModel\)"):
        sim.check_model(model)  # type: ignore[arg-type]
    model.release()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"arms": ["nowhere"]}, "arm: 'nowhere' is not an arm; allowed: without, with_outpost"),
        ({"arms": []}, "arms: is []; allowed: a list of at least one name"),
        ({"arms": "without"}, "arms: is 'without'; allowed: a list"),
        ({"replications": 0}, "replications: is 0; allowed"),
        ({"leave_out": ["chance"]}, "leave_out: has 'chance'; allowed: a list of runs, schema"),
        ({"leave_out": "memory"}, "leave_out: has 'memory'; allowed: a list of runs"),
    ],
)
def test_wrong_arguments_are_refused(arguments: dict[str, Any], said: str, valley: Scenario) -> None:
    with pytest.raises(ScenarioError) as refused:
        sim.check_model(sim.BorderModel, valley, **arguments)
    assert said in str(refused.value)


def test_a_scenario_by_name_and_arms_without_a_scenario_are_refused() -> None:
    with pytest.raises(TypeError, match="scenario is 'conformance'; allowed: a Scenario"):
        sim.check_model(sim.BorderModel, "conformance")  # type: ignore[arg-type]
    with pytest.raises(ScenarioError, match=r"arms: is .*with a scenario of your own only"):
        sim.check_model(sim.BorderModel, arms=["without"])


REPORT = Conformance(
    "Hoarder",
    (
        Finding("runs", "runs to the end"),
        Finding("memory", "leaves nothing", (Problem("there is <still> a Hoarder", "let it go " * 20),)),
        Finding("processes", "gives the same", not_tried="it can be tried when pickling passed"),
    ),
)


def test_the_report_can_be_read() -> None:
    lines = str(REPORT).splitlines()
    assert lines[0] == "Hoarder does not conform: 1 of 3 checks passed, 1 failed, 1 not tried"
    assert lines[1].split() == ["ok", "runs", "runs", "to", "the", "end"]
    assert lines[2].split()[:2] == ["FAILED", "memory"]
    assert lines[3].strip() == "wrong: there is <still> a Hoarder"
    assert lines[4].strip().startswith("do:    let it go")
    assert max(map(len, lines)) <= 120
    assert lines[-1].strip() == "not tried: it can be tried when pickling passed"
    assert repr(REPORT) == "<Conformance of Hoarder: 1 of 3 checks passed>"


def test_the_report_is_shown_in_a_notebook_with_names_escaped() -> None:
    html = REPORT._repr_html_()
    assert "does not conform" in html
    assert "there is &lt;still&gt; a Hoarder<br><strong>Do:</strong> let it go" in html
    assert html.count("<tr") == 4


def test_the_report_can_be_raised_and_asked() -> None:
    assert not REPORT
    assert [finding.name for finding in REPORT.failures] == ["memory"]
    with pytest.raises(ConformanceError) as raised:
        REPORT.raise_if_failed()
    assert str(raised.value) == str(REPORT)
    with pytest.raises(KeyError):
        REPORT.finding("chance")


def test_what_could_not_be_tried_has_not_passed() -> None:
    report = Conformance("Mine", (Finding("processes", "gives the same", not_tried="no"),))
    assert not report.passed
    assert report.failures == ()


SCRIPT = """\
import sim

class Mine(sim.BorderModel):
    pass

{guard}
    print(sim.check_model(Mine, sim.load_scenario("conformance"), ["without"], 1, leave_out=["streams", "memory"]))
"""


@pytest.mark.long
@pytest.mark.parametrize(("guard", "passes"), [("if __name__ == '__main__':", True), ("if True:", False)])
def test_a_script_needs_the_usual_guard(guard: str, passes: bool, tmp_path: Path) -> None:
    script = tmp_path / "mine.py"
    script.write_text(SCRIPT.format(guard=guard), encoding="utf-8")
    root = str(Path(sim.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, str(script)], env={"PYTHONPATH": root}, capture_output=True, text=True, check=True
    )
    if passes:
        assert done.stdout.startswith("Mine conforms: 8 of 8 checks passed")
        assert done.stderr == ""
    else:
        assert "the new process ended before it returned anything" in done.stdout
        assert done.stdout.count("does not conform") == 1
        assert "below if __name__ == '__main__'" in " ".join(done.stdout.split())


PAGE = (Path(__file__).parents[2] / "docs" / "OWN_MODELS.md").read_text(encoding="utf-8")


def test_the_model_of_the_documentation_conforms(valley: Scenario) -> None:
    block = PAGE.split("```python\n", 1)[1].split("```", 1)[0]
    names: dict[str, Any] = {"__name__": "ambush"}
    exec(compile(block, "OWN_MODELS.md", "exec"), names)
    report = checked(names["AmbushModel"], valley, "pickling", *SLOW)
    assert report.passed, str(report)


def test_the_documentation_lists_every_check_and_of_what_may_be_left_behind() -> None:
    table = PAGE.split("| check |", 1)[1].split("\n\n", 1)[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(CHECKS)
    assert f"less than {MOST_BYTES} bytes behind" in table
