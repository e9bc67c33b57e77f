"""Whether a model of one's own keeps what every study relies on: `check_model` checks, `Conformance` reports."""

from sim.conformance.checks import CHECKS, check_model
from sim.conformance.report import Conformance, ConformanceError, Finding, Problem

__all__ = ["CHECKS", "Conformance", "ConformanceError", "Finding", "Problem", "check_model"]
