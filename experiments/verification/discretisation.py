"""What steps of time and lanes of ground cost against the exact value, and how fast that falls.

    python experiments/verification/discretisation.py

writes `discretisation.json`, `discretisation.md` and `discretisation.png` beside it (minutes). Sweep widths are
summed up over the World's own tables, without chance; barriers are played, a million replications a point.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np

from sim.report.style import BLUE, GREEN, INK, ORANGE, VERMILLION, drawing, new_picture, png_bytes, tidy
from sim.rules.randomness import UNIT
from sim.rules.sensing import NIGHT
from sim.study.settings import compose, load_scenario
from sim.study.verify.chain import chain_probability
from sim.study.verify.laboratories import read_laboratory
from sim.study.verify.links import VerifyJob, link_of
from sim.world import build_world
from sim.world.hazards import marching_hazards

HERE = Path(__file__).parent
STEPS_MIN = (4.0, 2.0, 1.0, 0.5)
LANES_KM = (0.5, 0.25, 0.125, 0.0625)
CELLS_M = (500.0, 250.0, 125.0)
RANGES_KM = np.linspace(1.0, 1.5, 12)
"""One range alone may lie on the edge of a lane; over many the error is that of a range like any other."""

FINE_LANES = ("laboratory.lane_km=0.0006",)
"""A curve with an edge is told no more exactly than by a lane."""

PLAYED = 1_000_000
FORMS = {
    "definite range": ("definite_range", "laboratory.R", ()),
    "constant rate": ("constant_rate", "laboratory.R", ("laboratory.q=3",)),
    "inverse cube": ("inverse_cube", "laboratory.K", ()),
}
BARRIERS = {"barrier, turning at the ends": "ends", "barrier, turning inside": "inside"}


def summed_width(name: str, words: list[str]) -> tuple[float, float]:
    """Sweep width of the scenario itself, and the exact one, km: what each lane leaves unseen is summed up."""
    config = compose([f"experiment=verification/{name}", *words])
    told = read_laboratory(config["laboratory"]).closed_form()
    world = build_world(load_scenario(f"verification/{name}", words), "without")
    seen = []
    for route in range(len(world.routes[0])):
        metres = world.post_metres(0, route)[0]
        # In the last step the walker has arrived, and is watched no more.
        hazard = marching_hazards(world.post_rates(0, 0)[NIGHT], metres, np.ones(len(metres)))[:-1].sum()
        seen.append(-math.expm1(-hazard / UNIT))
    return told.quantity_at(float(np.mean(seen))), told.exact


def rms_error(name: str, key: str, words: list[str]) -> float:
    """Root mean square of the relative error over `RANGES_KM`."""
    errors = []
    for value in RANGES_KM:
        summed, exact = summed_width(name, [f"{key}={value}", *words])
        errors.append(summed / exact - 1)
    return float(np.sqrt(np.mean(np.square(errors))))


def played_error(turning: str, step_min: float) -> tuple[float, float]:
    """Relative error of a barrier's detection probability when played, and its standard error."""
    symbols = [
        "laboratory.R=1",
        "laboratory.L=20",
        "laboratory.V=20",
        "laboratory.U=5",
        f"laboratory.turning={turning}",
    ]
    words = ["experiment=verification/barrier_patrol", *symbols, f"laboratory.step_min={step_min}"]
    link = link_of("barrier", compose(words))
    job = VerifyJob((link,), PLAYED, seed=1)
    rows = job.run(0, job.batches)
    told = link.expectation
    mean = rows["total"].sum() / rows["trials"].sum()
    return mean / told.mean - 1, math.sqrt(told.variance / PLAYED) / told.mean


def order_of(sizes: tuple[float, ...], errors: list[float]) -> float:
    """Order of convergence: slope of log error over log size."""
    return float(np.polyfit(np.log(sizes), np.log(np.abs(errors)), 1)[0])


def measure() -> dict[str, object]:
    told: dict[str, dict[str, object]] = {"steps": {}, "lanes": {}, "played": {}, "cells": {}}
    for label, (name, key, words) in FORMS.items():
        for kind, word, sizes in (("steps", "step_min", STEPS_MIN), ("lanes", "lane_km", LANES_KM)):
            fine = FINE_LANES if kind == "steps" and name == "definite_range" else ()
            quick = ("laboratory.V=10",) if kind == "steps" else ()
            errors = [rms_error(name, key, [*words, *fine, *quick, f"laboratory.{word}={size}"]) for size in sizes]
            told[kind][label] = {"errors": errors, "order": order_of(sizes, errors)}
            print(kind, label, errors, flush=True)
    for label, turning in BARRIERS.items():
        errors, noise = zip(*(played_error(turning, step) for step in STEPS_MIN), strict=True)
        told["played"][label] = {
            "errors": list(errors),
            "noise": noise[0],
            "order": order_of(STEPS_MIN[:3], errors[:3]),
        }
        print(label, errors, noise, flush=True)
    for arm in ("without", "with_outpost"):
        told["cells"][arm] = [
            chain_probability(load_scenario("verification/detection_chain", [f"terrain.cell_m={cell}"]), arm)
            for cell in CELLS_M
        ]
        print(arm, told["cells"][arm], flush=True)
    return told


def table(told: dict) -> str:
    """The tables of the README."""

    def percent(error: float) -> str:
        return f"{100 * error:.3g} %"

    lines = ["| relative error at steps of | 4 min | 2 min | 1 min | 0.5 min | order |", "|---|---|---|---|---|---|"]
    for label, one in told["steps"].items():
        cells = " | ".join(map(percent, one["errors"]))
        lines.append(f"| sweep width, {label} | {cells} | {one['order']:.1f} |")
    for label, one in told["played"].items():
        cells = " | ".join(f"{percent(error)}" for error in one["errors"])
        lines.append(f"| {label} (± {percent(one['noise'])}) | {cells} | {one['order']:.1f} |")
    lines += [
        "",
        "| relative error with lanes of | 500 m | 250 m | 125 m | 62.5 m | order |",
        "|---|---|---|---|---|---|",
    ]
    for label, one in told["lanes"].items():
        cells = " | ".join(map(percent, one["errors"]))
        lines.append(f"| sweep width, {label} | {cells} | {one['order']:.1f} |")
    lines += ["", "| first detection in the default case | cells of 500 m | 250 m | 125 m |", "|---|---|---|---|"]
    for arm, values in told["cells"].items():
        lines.append(f"| {arm.replace('_', ' ')} | " + " | ".join(f"{value:.4f}" for value in values) + " |")
    without, with_outpost = told["cells"]["without"], told["cells"]["with_outpost"]
    gains = [100 * (b - a) for a, b in zip(without, with_outpost, strict=True)]
    lines.append("| the outpost's effect, points | " + " | ".join(f"{gain:+.1f}" for gain in gains) + " |")
    return "\n".join(lines) + "\n"


def picture(told: dict):
    """Errors over the size of a step and of a lane, on logarithmic axes."""
    styles = dict(
        zip([*FORMS, *BARRIERS], zip((BLUE, ORANGE, GREEN, VERMILLION, INK), "osDv^", strict=True), strict=True)
    )
    with drawing():
        figure = new_picture(12.0, 4.6)
        left, right = figure.subplots(1, 2, sharey=True)
        draw: Callable = lambda ax, sizes, label, errors: ax.loglog(  # noqa: E731
            sizes, np.abs(errors) * 100, marker=styles[label][1], color=styles[label][0], label=label
        )
        for label, one in (told["steps"] | told["played"]).items():
            draw(left, STEPS_MIN, label, one["errors"])
        for label, one in told["lanes"].items():
            draw(right, LANES_KM, label, one["errors"])
        noise = 200 * max(one["noise"] for one in told["played"].values())
        left.axhspan(1e-6, noise, color="#e6e6e6", zorder=0)
        left.text(4.2, 0.0012, "grey: within twice the barriers' standard error", fontsize=9, ha="right", va="bottom")
        left.set(xlabel="step, minutes", ylabel="error over the exact value, %", xticks=STEPS_MIN)
        right.set(xlabel="lane, metres", xticks=LANES_KM)
        left.set_xticks(STEPS_MIN, [f"{step:g}" for step in STEPS_MIN])
        right.set_xticks(LANES_KM, [f"{1000 * lane:g}" for lane in LANES_KM])
        for ax in (left, right):
            ax.minorticks_off()
            tidy(ax, "both")
        left.set_yticks([0.001, 0.01, 0.1, 1, 10], ["0.001", "0.01", "0.1", "1", "10"])
        left.set_ylim(bottom=1e-3)
        figure.legend(
            *left.get_legend_handles_labels(), fontsize=10, frameon=False, loc="outside lower center", ncols=5
        )
    return figure


if __name__ == "__main__":
    kept = HERE / "discretisation.json"
    found = measure()
    kept.write_text(json.dumps(found, indent=1) + "\n")
    (HERE / "discretisation.md").write_text(table(found))
    (HERE / "discretisation.png").write_bytes(png_bytes(picture(found)))
