# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # One mechanism at a time
#
# Does each mechanism of the model do anything, and does it do what it should? The experiment `mechanisms` is an
# invented valley in which all of them are at work. Each of its arms switches one of them off, or over to another
# way. All arms share their luck, so that each difference is a paired one.
#
# For each mechanism the table shows the number that it should move most directly, with it at work and without it,
# and the paired difference with its interval, clustered by replication. As it stands few replications are played,
# which leaves wide intervals. The table in the README beside this notebook comes from the same code with more:
# `REPLICATIONS=300 python experiments/mechanisms/notebook.py`.

# %%
import os

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import sim
from sim.outcomes import interdicted
from sim.statistics import difference_of_means_interval
from sim.study.pairs import pair_up

REPLICATIONS = int(os.environ.get("REPLICATIONS", "8"))
SEED = 1

case = sim.load_scenario("mechanisms")
POSTS = [post.name for post in case.all_posts]

# %% [markdown]
# ## What each mechanism should move
#
# A measure is a number for each group; groups for which it says nothing (NaN in either arm) are left out of the pair.


# %%
def detected_by(*names):
    """Share of groups that these sentinels saw first."""
    return lambda rows: rows["detected_by"].isin(names) & (rows["detected_how"] == "sight")


def found_by(patrol):
    """Share of groups that this patrol found first, by sight or by their tracks."""
    return lambda rows: rows["detected_by"] == patrol


def minutes(first, last):
    """From one moment of a group's story to another, where both came."""
    return lambda rows: (rows[last] - rows[first]).where((rows[first] >= 0) & (rows[last] >= 0))


def of_kind(kind, measure):
    """A measure for one kind of group only."""
    return lambda rows: measure(rows).where(rows["kind"] == kind)


def along_km(rows):
    """Where on the border a group crosses, from its eastern end."""
    return rows["crossing"].map({crossing.name: crossing.along_km for crossing in world.crossings})


world = sim.build_world(case, case.baseline)
stopped = interdicted
seen = lambda rows: rows["detected"]  # noqa: E731
late_reports = lambda rows: minutes("detected_min", "cued_min")(rows) > 80  # noqa: E731

MEASURES = {
    "clear_air": ("light.weather", "detected", seen),
    "no_night": ("sensors.NAME.night_factor", "detected", seen),
    "full_staffing": ("posts.N.staffing", "seen first by a post", detected_by(*POSTS)),
    "full_readiness": ("outpost.readiness_at_opening", "seen first by the new post", detected_by("new_post")),
    "no_power_cuts": ("posts.N.power_cuts_per_day", "seen first by a post", detected_by(*POSTS)),
    "no_false_alarms": (
        "posts.N.false_alarms_per_day",
        "met by a post's squad",
        lambda rows: rows["intercepted_by"].isin(POSTS),
    ),
    "no_check": ("command.false_alarm_check", "detection to contact, min", minutes("detected_min", "intercepted_min")),
    "fixed_delay": ("command.report_delay_law", "cued over 80 min after detection", late_reports),
    "no_sharing": ("command.sharing_radius_km", "stopped", stopped),
    "no_interior_cue": ("command.cue_interior", "stopped", stopped),
    "no_common_picture": ("command.common_picture", "stopped", stopped),
    "route_known": ("command.route_guess_probability", "stopped", stopped),
    "no_lost_search": ("command.lost_search_min", "stopped", stopped),
    "no_strip": ("control_strip.present", "detected by its tracks", lambda rows: rows["detected_how"] == "tracks"),
    "no_random_walk": ("patrols.N.mode", "found by that patrol", found_by("west_bank")),
    "no_alternatives": ("patrols.N.alternatives", "found by that patrol", found_by("east_bank")),
    "always_on_duty": ("patrols.N.duty_share", "detected", seen),
    "no_noticing": ("infiltrators.groups.N.notice_km", "hidden from patrols, min", lambda rows: rows["hidden_min"]),
    "no_lying_up": ("infiltrators.groups.N.lies_up", "crossing to the end, min", minutes("crossed_min", "ended_min")),
    "rafting_by_day": (
        "infiltrators.groups.N.rafts_by_night",
        "departure to crossing, min",
        minutes("departed_min", "crossed_min"),
    ),
    "nobody_fights": ("infiltrators.kinds.KIND.will_to_fight", "own killed", lambda rows: rows["own_killed"]),
    "no_admission": (
        "infiltrators.kinds.migrants.admitted_probability",
        "migrants admitted to procedure",
        of_kind("migrants", lambda rows: (rows["outcome"] == "admitted").astype(float)),
    ),
    "all_alike": (
        "infiltrators.kinds.KIND.pace_low and others",
        "migrants: crossing to the end, min",
        of_kind("migrants", minutes("crossed_min", "ended_min")),
    ),
    "unaware": ("infiltrators.behaviour", "crossing, km from the east", along_km),
    "quantal": ("infiltrators.behaviour", "crossing, km from the east", along_km),
    "best_response": ("infiltrators.behaviour", "crossing, km from the east", along_km),
    "learning": ("infiltrators.behaviour", "crossing, km from the east", along_km),
    "no_inland_leg": (
        "inland.enabled",
        "met inland",
        lambda rows: rows["intercepted"] & rows["x_km"].isna(),
    ),
}

# %% [markdown]
# ## The runs

# %%
told = sim.compare(case, REPLICATIONS, SEED, workers=1, quiet=True)
rows = told.to_frame()


def measured(arm):
    """A mechanism at work and switched off: its measure, the paired difference, and the effect on being stopped."""
    key, what, measure = MEASURES[arm]
    pairs = pair_up(rows, arm, case.baseline)
    off, on = (measure(side).to_numpy(dtype=float) for side in (pairs.arm, pairs.base))
    both = ~np.isnan(off) & ~np.isnan(on)
    difference, low, high = difference_of_means_interval((off - on)[both], pairs.clusters[both])
    return {
        "mechanism": arm,
        "key": key,
        "measure": what,
        "at work": on[both].mean(),
        "switched": off[both].mean(),
        "difference": difference,
        "low": low,
        "high": high,
        "stopped": effects[arm]["interdiction"]["difference"],
        "stopped ci95": effects[arm]["interdiction"]["ci95"],
    }


effects = told.summary()["effects"]
table = pd.DataFrame([measured(arm) for arm in MEASURES])
table["told apart"] = (table["low"] > 0) | (table["high"] < 0)
table.drop(columns="stopped ci95").round(3)

# %% [markdown]
# ## As a table for the README

# %%
print("| arm | key | measure | at work | switched | difference | 95 % interval | stopped, points |")
print("|---|---|---|---|---|---|---|---|")
for row in table.to_dict("records"):
    points = [100 * value for value in (row["stopped"], *row["stopped ci95"])]
    print(
        f"| {row['mechanism']} | `{row['key']}` | {row['measure']} | {row['at work']:.3g} | {row['switched']:.3g} | "
        f"{row['difference']:+.3g} | {row['low']:+.3g} to {row['high']:+.3g} | "
        f"{points[0]:+.1f} ({points[1]:+.1f} to {points[2]:+.1f}) |"
    )

# %% [markdown]
# ## What switching each off does to the share of groups that are stopped

# %%
shown = table.iloc[::-1]
ends = np.array([[100 * end for end in pair] for pair in shown["stopped ci95"]])
centre = 100 * shown["stopped"].to_numpy()
figure, axes = plt.subplots(figsize=(8, 8.5), layout="constrained")
axes.errorbar(centre, range(len(shown)), xerr=np.abs(ends.T - centre), fmt="o", color="black", capsize=3, markersize=5)
axes.axvline(0, color="grey", linewidth=1)
axes.set_yticks(range(len(shown)), [name.replace("_", " ") for name in shown["mechanism"]])
axes.set_xlabel("stopped before their target: percentage points against all at work (95 % intervals)")
axes.grid(axis="x", alpha=0.3)
axes.margins(y=0.02)
if os.environ.get("FIGURE"):
    figure.savefig(os.environ["FIGURE"], dpi=110)
plt.show()
