"""`study=verify` from the command line: every link against its closed form, or the one that is named."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.cli.command import default_folder
from sim.execution.cluster_pools import check_kind
from sim.execution.manifest import ManifestHead
from sim.execution.open_store import open_store
from sim.execution.progress import make_progress
from sim.scenario.load import LABORATORY, RUN_KEYS, compose
from sim.scenario.overrides import parse
from sim.study.compare.command import run_facts, write_json
from sim.study.settings import RunSettings, run_settings
from sim.study.verify.link import FOLDER, Link, link_of, suite
from sim.study.verify.run import VerifyResult, verify_links

REPLICATIONS = 100_000
"""Of each link where the command line names no number: an error of half a percent shows, in well under a minute."""


def verify(overrides: Sequence[str]) -> int:
    """Run the links, write summary and report, print the table; exit status 1 if any differs by more than chance."""
    from sim.study.verify.page import verdict_in_words, verify_in_words, write_verify_report

    named = [word.partition("=")[2] for word in overrides if word.startswith("experiment=")]
    if not named:
        _check_all(overrides)
    config = compose(overrides)
    settings = run_settings(config)
    check_kind(settings.execution.kind)
    wanted = _replications(settings, overrides)
    links = (link_of(Path(named[0]).stem, config),) if named else suite()
    folder = Path(settings.output) if settings.output else default_folder("verify", links[0].name if named else FOLDER)
    print(f"{len(links)} to verify, {wanted:,} replications each", flush=True)
    for link in links:
        # A case that cannot be enumerated is refused before there is a folder.
        _ = link.expectation
    result = verify_in(folder, links, wanted, settings)
    summary = result.summary()
    write_json(folder / "summary.json", summary)
    facts = {"Replications": f"{wanted:,} each", **run_facts(settings, overrides)}
    report = write_verify_report(summary, folder, facts=facts)
    print()
    for line in verify_in_words(summary):
        print(line)
    print(f"\n{verdict_in_words(summary)}\n\nReport: {report}\nDigest: {result.digest}")
    return 0 if result.passed else 1


def verify_in(folder: Path, links: Sequence[Link], wanted: int, settings: RunSettings) -> VerifyResult:
    """Run the links into an output folder."""
    asked = {link.name: link.scenario.model_dump(mode="json") for link in links}
    symbols = {link.name: link.laboratory.model_dump(mode="json") for link in links}
    configuration = {"scenarios": asked, "laboratories": symbols}
    name = links[0].name if len(links) == 1 else FOLDER
    with open_store(folder, ManifestHead("verify", name, settings.seed, wanted, configuration)) as store:
        return verify_links(
            links,
            store,
            replications=wanted,
            seed=settings.seed,
            execution=settings.execution,
            progress=make_progress(f"{len(links)} links", unit="batches"),
            engine=settings.engine,
        )


def _check_all(overrides: Sequence[str]) -> None:
    """Refuse what is said of a single link where all are meant."""
    allowed = [key for key in RUN_KEYS if key != LABORATORY]
    for word in overrides:
        key = str(parse(word).key_or_group)
        if key.partition(".")[0] not in allowed:
            raise ScenarioError(
                key,
                f"belongs to one case; allowed with study=verify alone: {', '.join(allowed)}; "
                f"with experiment={FOLDER}/NAME any key",
            )


def _replications(settings: RunSettings, overrides: Sequence[str]) -> int:
    if not isinstance(settings.replications, int):
        raise ScenarioError("replications", "is auto; allowed with study=verify: a whole number")
    given = any(word.startswith("replications=") for word in overrides)
    return settings.replications if given else REPLICATIONS
