"""The study `describe`, as the registry knows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.study.base import Request, Study

if TYPE_CHECKING:
    from sim.study.describe.describe import Description
    from sim.study.running import RunContext


class DescribeStudy(Study):
    """Every key of the configuration."""

    name = "describe"
    help = "every key with its unit, allowed range, and whether it is sourced or assumed"

    examples = ("study=describe",)

    def prepare(self, request: Request, context: RunContext) -> Description:  # noqa: ARG002
        """The description of the case and of the run settings."""
        from sim.study.describe.describe import Description

        return Description(request.scenario, request.settings)


STUDY = DescribeStudy()
