"""Laboratories: small scenarios in which one closed form of search theory must come out.

A laboratory is given by the symbols of its formula. What it expands to is a scenario like any other, run by the same
model; keys that are set beside the laboratory's own are carried out on top of it.
"""

from sim.scenario.laboratory.cases import Laboratory, expand_laboratory, read_laboratory

__all__ = ["Laboratory", "expand_laboratory", "read_laboratory"]
