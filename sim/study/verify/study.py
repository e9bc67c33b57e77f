"""The study `verify`, as the registry knows it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.study.base import Request, RunContext, Study

if TYPE_CHECKING:
    from sim.study.verify.run import VerifyRun


class VerifyStudy(Study):
    """Every link of the model against its closed form, or the one that is named."""

    name = "verify"
    help = """\
every link of the model against its closed form in search theory; exit status 1 if one differs by more
than chance allows. experiment=verification/NAME laboratory.R=1.5 runs one alone, with other symbols"""

    def prepare(self, request: Request, context: RunContext) -> VerifyRun:  # noqa: ARG002
        """Compose the links, and work out their closed forms."""
        from sim.study.verify.links import link_of, suite
        from sim.study.verify.run import VerifyRun

        named = [word.partition("=")[2] for word in request.words if word.startswith("experiment=")]
        if not named:
            _refuse_single(request.words)
        replications = _replications(request)
        links = (link_of(Path(named[0]).stem, request.config),) if named else suite()
        return VerifyRun(links, replications, request.settings.seed)


def _refuse_single(words: tuple[str, ...]) -> None:
    """Refuse keys of a single case where all are meant."""
    from sim.scenario.load import LABORATORY, RUN_KEYS
    from sim.scenario.overrides import parse
    from sim.scenario.problem import ScenarioError
    from sim.study.verify.links import FOLDER

    allowed = [key for key in RUN_KEYS if key != LABORATORY]
    for word in words:
        key = str(parse(word).key_or_group)
        if key.partition(".")[0] not in allowed:
            raise ScenarioError(
                key,
                f"belongs to one case; allowed with study=verify alone: {', '.join(allowed)}; "
                f"with experiment={FOLDER}/NAME any key",
            )


def _replications(request: Request) -> int:
    """Of each link: as many as the command line names, else the study's own default."""
    from sim.scenario.problem import ScenarioError
    from sim.study.verify.run import REPLICATIONS

    replications = request.settings.replications
    if not isinstance(replications, int):
        raise ScenarioError("replications", "is auto; allowed with study=verify: a whole number")
    return replications if request.gives("replications") else REPLICATIONS


STUDY = VerifyStudy()
