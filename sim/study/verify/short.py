"""The short verification: fewer replications, run once for each state of the program, and shown in every report."""

from __future__ import annotations

from typing import Any, NamedTuple

from sim.cache.store import key_of, load_or_make
from sim.config_folder import config_folder
from sim.execution.manifest import code_version
from sim.execution.progress import Progress
from sim.report.page import Table
from sim.study.engine_ready import compile_engine
from sim.study.verify.links import VerifyJob, suite
from sim.study.verify.page import links_table
from sim.study.verify.sentences import Summary, verdict_in_words
from sim.study.verify.summary import link_results, summary_of

REPLICATIONS = 10_000
"""Of each link: enough to see an error of a percent or two, and little time."""

SEED = 1


def short_check(progress: Progress | None = None) -> dict[str, Any]:
    """The summary of all links (`summary_of`), kept in the user's cache until the program changes."""

    def make() -> dict[str, Any]:
        (progress or Progress()).note("checking the model against theory, once: some 10 s")
        return check_now()

    # The links are laboratories among the configuration files.
    return load_or_make("verified", key_of(config_folder(), ["**/*.yaml"], code_version()), make)


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
