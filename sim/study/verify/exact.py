"""The closed form of each laboratory."""

from __future__ import annotations

import math

from sim import theory
from sim.scenario.laboratory import Laboratory
from sim.scenario.laboratory.barrier import BarrierPatrol
from sim.scenario.laboratory.detection_chain import DetectionChain
from sim.scenario.laboratory.duel import Duel
from sim.scenario.laboratory.lateral_range import ConstantRate, DefiniteRange, InverseCube
from sim.scenario.laboratory.random_search import RandomSearch
from sim.scenario.laboratory.reliability_path import ReliabilityPath
from sim.scenario.laboratory.repeat_trials import RepeatTrials
from sim.scenario.scenario import Scenario
from sim.study.verify.chain import chain_probability
from sim.study.verify.expectation import Expectation, share, width

KOOPMAN = "Koopman 1946"
WASHBURN = "Washburn 2014"


def expectation_of(laboratory: Laboratory, scenario: Scenario) -> Expectation:
    """What theory says of a laboratory; the scenario counts only where the laboratory stands on a case of its own.

    Raises
    ------
    ScenarioError
        If a case does not meet what its enumeration needs.
    """
    if isinstance(laboratory, DetectionChain):
        told = chain_probability(scenario, laboratory.arm)
        return share("first detection", told, "1 - mean of exp(-H posts) prod mean of exp(-H patrol)", "enumeration")
    return _closed_form(laboratory)


def _closed_form(laboratory: Laboratory) -> Expectation:
    match laboratory:
        case DefiniteRange():
            return _definite_range(laboratory)
        case ConstantRate():
            return _constant_rate(laboratory)
        case InverseCube():
            return _inverse_cube(laboratory)
        case BarrierPatrol():
            return _barrier(laboratory)
        case RandomSearch():
            coverage = theory.search_coverage(laboratory.W, laboratory.V, laboratory.t, laboratory.A)
            found = float(theory.random_search(coverage))
            return share("target found", found, "1 - exp(-W V t / A)", KOOPMAN)
        case Duel():
            won = theory.duel_win_probability(
                laboratory.x, laboratory.y, law=laboratory.law, r=laboratory.r, p=laboratory.p
            )
            return share("men win", won, "P(x, y) = q P(x, y-1) + (1-q) P(x-1, y)", "Brown 1963")
        case ReliabilityPath():
            _, through = theory.most_reliable_path(laboratory.edges, *laboratory.ends)
            return share("gets through undetected", through, "Dijkstra on -ln(1 - p)", "Dijkstra 1959")
        case RepeatTrials():
            return _repeat_trials(laboratory)
    raise TypeError(f"no closed form of {type(laboratory).__name__}")


def _definite_range(lab: DefiniteRange) -> Expectation:
    if lab.x is not None:
        seen = float(theory.lateral_range_definite_range(lab.x, lab.R))
        return share("detected at the offset", seen, "1 for |x| <= R, else 0", KOOPMAN)
    return width(float(theory.sweep_width_definite_range(lab.R)) / lab.front_km, lab.front_km, "W = 2 R", KOOPMAN)


def _constant_rate(lab: ConstantRate) -> Expectation:
    if lab.x is not None:
        seen = float(theory.lateral_range_constant_rate(lab.x, lab.R, lab.q, lab.V))
        return share("detected at the offset", seen, "1 - exp(-2 q sqrt(R^2 - x^2) / V)", KOOPMAN)
    swept = float(theory.sweep_width_constant_rate(lab.R, lab.q, lab.V))
    return width(swept / lab.front_km, lab.front_km, "W = pi R [I1(z) - L1(z)], z = 2 q R / V", KOOPMAN)


def _inverse_cube(lab: InverseCube) -> Expectation:
    if lab.x is not None:
        seen = float(theory.lateral_range_inverse_cube(lab.x, lab.K))
        return share("detected at the offset", seen, "1 - exp(-K / x^2)", KOOPMAN)
    swept, front = float(theory.sweep_width_inverse_cube(lab.K)), lab.front_km
    # The curve has no end; its integral up to the edge of the front, b, has a closed form too.
    b, root = front / 2, math.sqrt(lab.K)
    within = 2 * (-b * math.expm1(-lab.K / b**2) + math.sqrt(math.pi) * root * math.erfc(root / b))
    return width(within / front, front, "W = 2 sqrt(pi K)", KOOPMAN, beyond_km=swept - within)


def _barrier(lab: BarrierPatrol) -> Expectation:
    at_ends = lab.turning == "ends"
    of = theory.barrier_patrol_back_and_forth_ends if at_ends else theory.barrier_patrol_back_and_forth_inside
    formula = "1 - max(0, 1 - lam/2)^2, lam = W sqrt(V^2 + U^2) / (L U)" if at_ends else "1 - gaps / (L D)"
    return share("crosser detected", float(of(lab.R, lab.L, lab.V, lab.U)), formula, WASHBURN)


def _repeat_trials(lab: RepeatTrials) -> Expectation:
    """Apprehensions of one person: none with 1 - p, else as many as it takes until one is not followed by another."""
    again = float(theory.repeated_trials_reapprehended_fraction(lab.p, lab.d))
    mean = float(theory.repeated_trials_apprehensions(1.0, lab.p, lab.d))
    variance = lab.p * (1 + again) / (1 - again) ** 2 - mean**2
    formula, source = "A = N p / (1 - p (1 - d))", "Espenshade 1990"
    return Expectation("apprehensions", mean, variance, formula, source, "persons", factor=lab.N)
