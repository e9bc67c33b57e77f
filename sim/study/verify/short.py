"""The short form: fewer replications of each link, run once for each state of the program, and told in every report."""

from __future__ import annotations

from typing import Any

from sim.cache.store import key_of, load_or_make
from sim.config_folder import config_folder
from sim.execution.progress import Progress, Silent
from sim.execution.provenance import code_version
from sim.study.engine_ready import compile_engine
from sim.study.verify.job import VerifyJob
from sim.study.verify.link import suite
from sim.study.verify.run import Verified, VerifyResult, added_up

REPLICATIONS = 10_000
"""Of each link: enough to see an error of a percent or two, and little time."""

SEED = 1


def short_check(progress: Progress | None = None) -> dict[str, Any]:
    """The summary of all links, see `VerifyResult.summary`, kept in the user's cache until the program changes."""

    def make() -> dict[str, Any]:
        (progress or Silent()).note("checking the model against theory, once: some 10 s")
        return check_now()

    # The links are laboratories among the configuration files.
    return load_or_make("verified", key_of(config_folder(), ["**/*.yaml"], code_version()), make)


def check_now(replications: int = REPLICATIONS, seed: int = SEED, engine: str = "compiled") -> dict[str, Any]:
    """Run all links in this process, and keep nothing."""
    compile_engine(engine)
    links = suite()
    job = VerifyJob(links, replications, seed, engine)
    rows = job.run(0, len(links) * job.per_point)
    numbers = added_up(rows, len(links))
    return VerifyResult(tuple(map(Verified, links, *zip(*numbers, strict=True))), seed, "").summary()
