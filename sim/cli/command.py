"""One command for all studies: its arguments; prepare, run or resume, write, and print."""

from __future__ import annotations

import platform
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sim.execution.cluster_pools import check_kind
from sim.execution.progress import make_progress
from sim.scenario.base import ScenarioError
from sim.study.base import Listing, Request, Study, all_studies, find_study

if TYPE_CHECKING:
    from sim.execution.manifest import ManifestHead
    from sim.study.result import Result
    from sim.study.running import Run, RunContext
    from sim.study.settings import RunSettings

FLAGS = "--help, --version, --cfg job, -m / --multirun"

SCRIPTS = {"border-sim", "border-sim.exe", "border-sim-script.py"}
"""Names under which the command line is installed."""


@dataclass(frozen=True)
class Arguments:
    """What was asked for: ``key=value`` words, whether to print the configuration and stop, and ``-m``."""

    overrides: tuple[str, ...]
    show_config: bool = False
    multirun: bool = False

    @property
    def command(self) -> str:
        """What to type to ask for the same."""
        return shlex.join(["python", "-m", "sim", *(["-m"] if self.multirun else []), *self.overrides])


def parse(arguments: Sequence[str]) -> Arguments:
    """Sort flags from overrides; raises `ScenarioError` for an unknown flag, or a word that is no ``key=value``."""
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


def run_command(asked: Arguments) -> int:
    """Run the study that was asked for, or print the configuration; returns the exit status.

    Raises
    ------
    ScenarioError, MissingExtraError, StoreError
        For input that cannot be used; nothing was written.
    ExecutionError
        When the run failed.
    """
    # Imports stand where they are needed: what runs a study loads Numba and SciPy, most of the time of a start.
    if asked.show_config:
        import yaml

        from sim.study.settings import compose

        print(yaml.safe_dump(compose(asked.overrides), sort_keys=False, allow_unicode=True), end="")
        return 0
    study, request = _chosen(asked)
    settings = request.settings
    check_kind(settings.execution.kind)
    from sim.study.running import RunContext

    context = RunContext(
        settings.execution,
        settings.engine,
        lambda label, unit: make_progress(label, unit=unit),
        lambda line: print(line, flush=True),
        is_own_process(),
    )
    run = study.prepare(request, context)
    if isinstance(run, Listing):
        return run.show()
    return _carry_out(run, settings, context, asked.command)


def _chosen(asked: Arguments) -> tuple[Study, Request]:
    """The study, and the request as it reads the words."""
    words, of_lists = asked.overrides, next(study for study in all_studies() if study.takes_lists)
    if asked.multirun or f"study={of_lists.name}" in words:
        return of_lists, of_lists.request(words)
    request = Request(words)
    study = find_study(request.settings.study.name)
    # A file may choose the study that takes lists, too.
    return study, study.request(words) if study is of_lists else request


def _carry_out(run: Run[Result], settings: RunSettings, context: RunContext, command: str) -> int:
    """Run into the output folder, draw the report, and print the answer."""
    from sim.study.result import write_report
    from sim.study.running import run_in

    folder = Path(settings.output) if settings.output else default_folder(run.head)
    for line in run.opening:
        context.say(line)
    result, tables = run_in(folder, run, context)
    report = None
    if settings.report:
        context.say("drawing the report")
        made = datetime.now().strftime("%Y-%m-%d %H:%M")
        facts = {**run.facts, "Command": command, "Python": platform.python_version(), "Made": made}
        report = write_report(folder, result, facts, context.progress("checking", "links"))
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


def is_own_process() -> bool:
    """Whether this process was started as ``python -m sim`` or ``border-sim``, and is no program of somebody else's.

    Where `main` is called from a notebook, a script or a test, its process may be years old, with code that was
    changed since, on disk or in memory; and a second process would first carry out that program again.
    """
    program = sys.modules.get("__main__")
    spec = getattr(program, "__spec__", None)
    if spec is not None:
        return bool(spec.name == "sim.__main__")
    return Path(getattr(program, "__file__", None) or "").name in SCRIPTS
