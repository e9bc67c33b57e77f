"""Widths of the interval that a stopping rule looks at, from all rows at once."""

from __future__ import annotations

import pandas as pd

from sim.study.pairs import pair_up
from sim.study.stopping import StoppingRule


def half_width(rule: StoppingRule, rows: pd.DataFrame, arm: str, baseline: str) -> float:
    pairs = pair_up(rows, arm, baseline)
    return rule.half_width(*pairs.values("interdiction"), pairs.clusters)


def widest(rule: StoppingRule, rows: pd.DataFrame, arms: tuple[str, ...], baseline: str) -> float:
    return max((half_width(rule, rows, arm, baseline) for arm in arms if arm != baseline), default=0.0)
