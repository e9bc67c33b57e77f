from __future__ import annotations

from itertools import combinations

import numpy as np
from matplotlib.colors import to_rgb

from sim.report.figure_map import ROUTE_COLOUR
from sim.report.map_layers import BORDER_COLOUR, LOW_COLOUR, REEDS_COLOUR
from sim.report.style import arm_styles
from sim.study.compare.figures.interdiction import CELLS

# Machado, Oliveira and Fernandes (2009), deuteranopia, severity 1, on linear RGB.
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
)


def linear(colour: str) -> np.ndarray:
    value = np.array(to_rgb(colour))
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(first: str, second: str) -> float:
    """The contrast ratio of WCAG 2: 1 for equal, 21 for black on white."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_arms_differ_by_more_than_colour() -> None:
    styles = arm_styles([f"arm_{index}" for index in range(7)], "arm_3")
    assert len(styles) == 7
    assert styles["arm_3"].marker == "o"
    for first, second in combinations(styles.values(), 2):
        assert first.marker != second.marker
        assert first.hatch != second.hatch


def test_more_arms_than_styles_still_get_one() -> None:
    assert len(arm_styles([f"arm_{index}" for index in range(30)], "arm_0")) == 30


def test_the_first_arms_are_told_apart_without_seeing_red_and_green() -> None:
    styles = list(arm_styles(["a", "b", "c", "d"], "a").values())
    for first, second in combinations([style.colour for style in styles], 2):
        seen = [DEUTERANOPIA @ linear(colour) for colour in (first, second)]
        assert np.abs(seen[0] - seen[1]).max() > 0.05


def test_cells_of_the_ledger_differ_in_grey() -> None:
    tones = [colour for _, _, colour, _ in CELLS]
    hatches = [hatch for _, _, _, hatch in CELLS]
    for first, second in combinations(range(len(CELLS)), 2):
        assert contrast(tones[first], tones[second]) > 1.6 or hatches[first] != hatches[second]


def test_ways_stand_out_from_river_and_ground_in_grey() -> None:
    for other in (BORDER_COLOUR, LOW_COLOUR, REEDS_COLOUR):
        assert contrast(ROUTE_COLOUR, other) > 3
