"""The short verification: fewer replications, run once for each state of the program, and shown in every report."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any, NamedTuple

from sim.cache.atomic import atomic_write_text
from sim.execution.code import own_code
from sim.execution.progress import Progress, Silent
from sim.report.tables import Table
from sim.study.engine_ready import compile_engine
from sim.study.verify.links import VerifyJob, suite
from sim.study.verify.page import links_table
from sim.study.verify.sentences import Summary, verdict_in_words
from sim.study.verify.summary import link_results, summary_of

REPLICATIONS = 10_000
"""Of each link: enough to see an error of a percent or two, and little time."""

SEED = 1
FOLDER = "verified"


def short_check(progress: Progress | None = None) -> dict[str, Any]:
    """The summary of all links (`summary_of`), kept in the user's cache until the program changes."""
    kept = _kept_in()
    if kept is not None and (found := _read(kept)) is not None:
        return found
    (progress or Silent()).note("checking the model against theory, once: some 10 s")
    summary = check_now()
    if kept is not None:
        with contextlib.suppress(OSError):
            kept.parent.mkdir(mode=0o700, exist_ok=True)
            atomic_write_text(kept, json.dumps(summary) + "\n")
    return summary


def check_now(replications: int = REPLICATIONS, seed: int = SEED, engine: str = "compiled") -> dict[str, Any]:
    """Run all links in this process, and keep nothing."""
    compile_engine(engine)
    job = VerifyJob(suite(), replications, seed, engine)
    return summary_of(link_results(job.links, job.run(0, job.batches)), seed, "")


class Checked(NamedTuple):
    """What a report says of the short verification."""

    sentence: str
    table: Table


def checked_of(summary: Summary | None) -> Checked | None:
    """The short form for a page; None where none was made."""
    return None if summary is None else Checked(verdict_in_words(summary), links_table(summary))


def _kept_in() -> Path | None:
    """The file for this state of the sources, beside the compiled code; None where nothing can be kept."""
    from sim.cache.cache import cache_folder

    folder = cache_folder()
    return None if folder is None else folder.parent / FOLDER / f"{own_code().sources}.json"


def _read(path: Path) -> dict[str, Any] | None:
    """What was kept, if it is whole."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        wanted = {"passed", "bound", "cases", "seed"}
        whole = wanted <= told.keys() and all(
            {"simulated", "exact", "z"} <= one.keys() for one in told["cases"].values()
        )
    except (OSError, ValueError, AttributeError, TypeError, KeyError):
        return None
    return told if whole else None
