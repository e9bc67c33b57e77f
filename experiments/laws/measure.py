"""What the laws of docs/VERIFICATION.md come to: each law's change, played against the case without it, on three cases.

    python experiments/laws/measure.py --replications 20000 --output experiments/laws/results.json

With the folder of another version of the project first on PYTHONPATH it measures that version.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import sim
import sim.world
from sim.outcomes import interdicted

HERE = Path(__file__).resolve().parent
NOBODY = "name: nobody, range_km: 0, responders: 0"
TABLES = sim.world.Tables()


@dataclass(frozen=True)
class Case:
    """A scenario: where it comes from, how many posts it has, and where a patrol of nobody would walk."""

    experiment: str
    posts: int
    patrols: int
    track: str
    way: str

    @property
    def name(self) -> str:
        """Its name in the tables."""
        return Path(self.experiment).stem

    @property
    def unaware(self) -> list[str]:
        """Groups that know and notice nobody, and no false alarms: so that only what is changed changes anything."""
        quiet = [f"++posts.{number}.false_alarms_per_day=0" for number in range(self.posts)]
        return ["infiltrators.behaviour=unaware", "++infiltrators.groups.0.notice_km=0", *quiet]


SMALL = ("[[3, 6], [9, 6]]", "start_x_km: 6, start_y_km: 1, target_x_km: 6, target_y_km: 11.3")
CASES = (
    Case(
        "shahrituz_2019",
        posts=5,
        patrols=5,
        track="[[30.2, 24], [31.5, 26], [34, 26]]",
        way="start_x_km: 45.3, start_y_km: 12.6, target_x_km: 20.6, target_y_km: 55.4",
    ),
    Case(str(HERE / "drawn_0.yaml"), 2, 2, *SMALL),
    Case(str(HERE / "drawn_31.yaml"), 3, 2, *SMALL),
)


@dataclass(frozen=True)
class Change:
    """What a law speaks of: overrides in force on both sides, those that are changed, and what is counted."""

    law: str
    name: str
    changed: list[str]
    both: list[str]
    arms: tuple[str, str] = ("without", "without")
    what: str = "stopped"


def changes(case: Case) -> Iterator[Change]:
    """Every change for one case."""
    quiet = case.unaware

    def posts(key: str, value: object) -> list[str]:
        return [f"++posts.{number}.{key}={value}" for number in range(case.posts)]

    for name, changed in (
        ("all posts with 60 men", posts("responders", 60)),
        ("reaction force of 200 men at notice 0", ["reaction_force.responders=200", "reaction_force.notice_min=0"]),
        ("reaction force of 60 men", ["reaction_force.responders=60"]),
        ("squads leave at once", posts("notice_min", 0)),
        ("reports arrive at once", ["command.report_delay_min=0"]),
        ("posts see twice as far", posts("range_km", 6)),
        ("patrols always on duty", [f"++patrols.{number}.duty_share=1" for number in range(case.patrols)]),
    ):
        yield Change("L1 more does not hurt", name, changed, quiet)
    slow = ["++infiltrators.groups.0.pace_low=0.35"]
    yield Change("L1 more does not hurt", "slower groups, pace_low 0.35", slow, quiet)
    slowly = "expected_pace at the low end of its range"
    yield Change("command's expectation", slowly, ["command.expected_pace=0.4"], [])
    nobody = [f"+arms.nobody={{cost_usd: 0, add_patrols: [{{{NOBODY}, track: {case.track}}}]}}"]
    yield Change("L2 nothing does nothing", "a patrol of no men and no range", [], nobody, ("without", "nobody"))
    one, forty = ([f"++infiltrators.groups.0.size={size}"] for size in (1, 40))
    yield Change("L4 size shows", "forty men for one, detected", forty, [*quiet, *one], what="detected")
    added = (
        f"infiltrators.streams=[{{name: carriers, kind: smugglers, per_day: 2, size: 4, {case.way}, inland: false}}]"
    )
    crowd = "two groups of smugglers a day: undetected fighters"
    yield Change("L6 others' business", crowd, [added], [], what="undetected")


def measured(case: Case, change: Change, replications: int) -> dict[str, Any]:
    """Share on both sides in points, and their difference with its 95 % interval over replications."""
    sides = []
    for arm, overrides in zip(change.arms, ([], change.changed), strict=True):
        # What is in force on both sides gives way to what is changed.
        taken = [*change.both, *overrides]
        scenario = sim.load_scenario(case.experiment, taken)
        rows = sim.run(scenario, arm, replications, tables=TABLES)
        sides.append(rows[rows["group"] == scenario.infiltrators.groups[0].name].set_index("replication"))
    one, other = (values_of(rows, change.what) for rows in sides)
    both = pd.concat([one, other], axis=1, join="inner").dropna()
    gap = 100 * (both.iloc[:, 1] - both.iloc[:, 0])
    half = 1.96 * float(gap.std()) / np.sqrt(len(gap)) if len(gap) > 1 else 0.0
    columns = [name for name in sides[0] if name not in ("arm", "cost_usd")]
    alike = sides[0][columns].equals(sides[1][columns])
    low, high = float(gap.mean() - half), float(gap.mean() + half)
    found = {"base": 100 * float(both.iloc[:, 0].mean()), "changed": 100 * float(both.iloc[:, 1].mean())}
    found |= {"difference": float(gap.mean()), "low": low, "high": high, "pairs": len(gap), "same_rows": alike}
    return {"law": change.law, "case": case.name, "change": change.name, "what": change.what, **found}


def values_of(rows: pd.DataFrame, what: str) -> pd.Series:
    """1 or 0 for each group, or nothing where it does not count."""
    stopped = interdicted(rows).astype(float)
    if what == "undetected":
        return stopped.where(~rows["detected"])
    return stopped if what == "stopped" else rows[what].astype(float)


def main() -> None:
    """Measure all, and write one file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replications", type=int, default=20_000)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--only", default="", help="the beginning of a law's name")
    words = parser.parse_args()
    found = []
    for case in CASES:
        for change in changes(case):
            if change.law.startswith(words.only):
                found.append(measured(case, change, words.replications))
                print({key: round(value, 2) if isinstance(value, float) else value for key, value in found[-1].items()})
    words.output.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
