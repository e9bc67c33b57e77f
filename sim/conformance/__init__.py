"""Whether a model of one's own keeps what every study relies on: `check_model` asks, `Conformance` tells."""

from sim.conformance.checking import CHECKS, check_model
from sim.conformance.verdict import Conformance, ConformanceError, Finding, Problem

__all__ = ["CHECKS", "Conformance", "ConformanceError", "Finding", "Problem", "check_model"]
