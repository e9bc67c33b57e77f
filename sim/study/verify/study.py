"""The study `verify`, as the registry knows it."""

from __future__ import annotations

from typing import Any

from sim.study.base import Request, RunContext, Study


class VerifyStudy(Study):
    """To be filled in."""

    name = "verify"
    help = """\
every link of the model against its closed form in search theory; exit status 1 if one differs by more
than chance allows. experiment=verification/NAME laboratory.R=1.5 runs one alone, with other symbols"""

    def prepare(self, request: Request, context: RunContext) -> Any:
        """To be filled in."""
        raise NotImplementedError


STUDY = VerifyStudy()
