"""One command for all studies: its arguments; prepare, run or resume, write, and print."""

from __future__ import annotations

import platform
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sim.execution.cluster_pools import check_kind
from sim.execution.manifest import ManifestHead
from sim.execution.progress import make_progress
from sim.scenario.base import ScenarioError
from sim.study.base import Listing, Request, Study, all_studies, find_study
from sim.study.result import Result, write_report
from sim.study.running import Run, RunContext, run_in

FLAGS = "--help, --version, --cfg job, -m / --multirun"

SCRIPTS = {"border-sim", "border-sim.exe", "border-sim-script.py"}
"""Names under which the command line is installed."""


@dataclass(frozen=True)
class Arguments:
    """What was asked for.

    Attributes
    ----------
    overrides:
        The ``key=value`` arguments, in order.
    show_config:
        Print the configuration and stop.
    multirun:
        Run for every combination of the values given.
    """

    overrides: tuple[str, ...]
    show_config: bool = False
    multirun: bool = False


def parse(arguments: Sequence[str]) -> Arguments:
    """Sort flags from overrides.

    Raises
    ------
    ScenarioError
        For an unknown flag, or an argument that is no ``key=value``.
    """
    overrides, show_config, multirun = [], False, False
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word in ("-m", "--multirun"):
            multirun = True
        elif word in ("-c", "--cfg") or word.startswith("--cfg="):
            what = word.partition("=")[2] or (rest.pop(0) if rest else "")
            if what not in ("job", "all"):
                raise ScenarioError("--cfg", f"is '{what}'; allowed: job")
            show_config = True
        elif word.startswith("-"):
            raise ScenarioError(word, f"no such option; allowed: {FLAGS}")
        else:
            overrides.append(_checked(word))
    return Arguments(tuple(overrides), show_config, multirun)


def _checked(word: str) -> str:
    key, equals, value = word.partition("=")
    if not word.startswith("~") and (not equals or not key):
        raise ScenarioError(word, "is no setting; allowed: KEY=VALUE, such as outpost.range_km=12 (see --help)")
    if key.lstrip("+~").startswith("hydra"):
        raise ScenarioError(key, "Hydra's own settings cannot be changed here; output= says where results go")
    if "${" in value:
        raise ScenarioError(key, f"is '{value}'; allowed: plain values, no interpolation")
    return word


def run_command(words: tuple[str, ...], *, multirun: bool = False) -> int:
    """Run the study that the words ask for; returns the exit status.

    Raises
    ------
    ScenarioError, MissingExtraError, StoreError
        For input that cannot be used; nothing was written.
    ExecutionError
        When the run failed.
    """
    study, request = _chosen(words, multirun)
    settings = request.settings
    check_kind(settings.execution.kind)
    context = RunContext(
        settings.execution,
        settings.engine,
        lambda label, unit: make_progress(label, unit=unit),
        lambda line: print(line, flush=True),
        is_own_process(),
    )
    run = study.prepare(request, context)
    return run.show() if isinstance(run, Listing) else _carry_out(run, request, context)


def _chosen(words: tuple[str, ...], multirun: bool) -> tuple[Study, Request]:
    """The study, and the request as it reads the words."""
    of_lists = next(study for study in all_studies() if study.takes_lists)
    if multirun or f"study={of_lists.name}" in words:
        return of_lists, of_lists.request(words)
    request = Request(words)
    study = find_study(request.settings.study.name)
    # A file may choose the study that takes lists, too.
    return study, study.request(words) if study is of_lists else request


def _carry_out(run: Run[Result], request: Request, context: RunContext) -> int:
    """Run into the output folder, draw the report, and print the answer."""
    settings, head = request.settings, run.head
    folder = Path(settings.output) if settings.output else default_folder(head)
    for line in run.opening:
        context.say(line)
    result, tables = run_in(folder, run, context)
    report = None
    if settings.report:
        context.say("drawing the report")
        report = write_report(folder, result, {**run.facts, **_facts(request)}, context.progress("checking", "links"))
    return _print(result, folder, tables, report)


def _print(result: Result, folder: Path, tables: list[Path], report: Path | None) -> int:
    print()
    for sentence in result.sentences():
        print(sentence)
    print()
    for table in tables[:1]:
        print(f"Table: {table}")
    if report is not None:
        print(f"Report: {report}")
    print(f"Digest: {result.digest}")
    problems = result.problems(folder)
    for problem in problems:
        print(f"border-sim: {problem}", file=sys.stderr)
    return 0 if result.passed and not problems else 1


def default_folder(head: ManifestHead) -> Path:
    """A new folder under ``outputs``, named by study, experiment and time."""
    parent = Path("outputs") / head.study / head.experiment
    stamp = datetime.now().strftime("%Y-%m-%d_%H-%M-%S")
    names = (stamp, *(f"{stamp}_{count}" for count in range(2, 1000)))
    return next(parent / name for name in names if not (parent / name).exists())


def _facts(request: Request) -> dict[str, str]:
    """What every report says of how it was made."""
    return {
        "Command": shlex.join(["python", "-m", "sim", *request.words]),
        "Python": platform.python_version(),
        "Made": datetime.now().strftime("%Y-%m-%d %H:%M"),
    }


def is_own_process() -> bool:
    """Whether this process was started as ``python -m sim`` or ``border-sim``, and is no program of somebody else's.

    Where `main` is called from a notebook, a script or a test, its process may be years old, with code that was
    changed since, on disk or in memory; and a second process would first carry out that program again.
    """
    program = sys.modules.get("__main__")
    told = getattr(program, "__spec__", None)
    if told is not None:
        return bool(told.name == "sim.__main__")
    return Path(getattr(program, "__file__", None) or "").name in SCRIPTS
