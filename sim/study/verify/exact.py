"""What theory says of each laboratory: the mean of what is counted in a replication, and the quantity that it gives."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim import theory
from sim.scenario.scenario import Scenario
from sim.study.verify.chain import chain_probability
from sim.study.verify.laboratories import Laboratory
from sim.study.verify.laboratories.contact import Duel, ReliabilityPath, RepeatTrials
from sim.study.verify.laboratories.lateral_range import ConstantRate, DefiniteRange, InverseCube
from sim.study.verify.laboratories.search import BarrierPatrol, DetectionChain, RandomSearch

KOOPMAN = "Koopman 1946"
WASHBURN = "Washburn 2014"


@dataclass(frozen=True)
class Expectation:
    """An exact value, and how the mean over replications becomes an estimate of it.

    Attributes
    ----------
    quantity, unit:
        What is estimated, in words, and its unit; empty for pure numbers.
    mean, variance:
        Exact, of what is counted in one replication.
    formula, source:
        The closed form, as people write it, and where it stands.
    factor, offset:
        The quantity is ``offset + factor * mean``: a sweep width is a share times the width of the front, and the
        known width beyond the front.
    """

    quantity: str
    mean: float
    variance: float
    formula: str
    source: str
    unit: str = ""
    factor: float = 1.0
    offset: float = 0.0

    @property
    def exact(self) -> float:
        """The closed form's own value of the quantity."""
        return self.quantity_at(self.mean)

    @property
    def is_share(self) -> bool:
        """Whether 0 or 1 is counted in each replication."""
        return self.variance == self.mean * (1 - self.mean)

    def quantity_at(self, mean: float) -> float:
        """The quantity for some mean over replications.

        >>> Expectation("width", 0.5, 0.25, "2 R", "", factor=4.0).quantity_at(0.25)
        1.0
        """
        return self.offset + self.factor * mean

    def z(self, mean: float, trials: int) -> float:
        """Standard errors, by the exact variance, between a mean over trials and the exact one.

        Where nothing is random it is 0 or infinite.

        >>> Expectation("share", 0.5, 0.25, "", "").z(0.6, 100)
        1.99...
        """
        error = math.sqrt(self.variance / trials)
        if error > 0:
            return (mean - self.mean) / error
        return 0.0 if mean == self.mean else math.copysign(math.inf, mean - self.mean)


def share(quantity: str, probability: float, formula: str, source: str) -> Expectation:
    """The expectation of a share of replications."""
    return Expectation(quantity, probability, probability * (1 - probability), formula, source)


def width(probability: float, front_km: float, formula: str, source: str, beyond_km: float = 0.0) -> Expectation:
    """The expectation of a sweep width, from the share detected over a front and the width that lies beyond it."""
    variance = probability * (1 - probability)
    return Expectation("sweep width", probability, variance, formula, source, "km", front_km, beyond_km)


def expectation_of(laboratory: Laboratory, scenario: Scenario) -> Expectation:
    """What theory says of a laboratory; the scenario counts only for the chain of detection, which is a case's own.

    Raises `ScenarioError` if the case does not meet what its enumeration needs.
    """
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
            return share("target found", float(theory.random_search(coverage)), "1 - exp(-W V t / A)", KOOPMAN)
        case Duel(x=x, y=y, law=law, r=r, p=p):
            won = theory.duel_win_probability(x, y, law=law, r=r, p=p)
            return share("men win", won, "P(x, y) = q P(x, y-1) + (1-q) P(x-1, y)", "Brown 1963")
        case ReliabilityPath():
            _, through = theory.most_reliable_path(laboratory.edges, *laboratory.ends)
            return share("gets through undetected", through, "Dijkstra on -ln(1 - p)", "Dijkstra 1959")
        case RepeatTrials():
            return _repeat_trials(laboratory)
        case DetectionChain():
            detected = chain_probability(scenario, laboratory.arm)
            formula = "1 - mean of exp(-H posts) prod mean of exp(-H patrol)"
            return share("first detection", detected, formula, "enumeration")


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
