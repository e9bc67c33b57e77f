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
# # Shahrituz, November 2019
#
# A new outpost at Okultun, on Tajikistan's border with Afghanistan, was opened on 1 November 2019. On 6 November
# Tajikistan said that it had beaten an armed group which was said to have crossed that border on the night of the 3rd.
# *Did the outpost help?*
#
# This notebook asks the model, and asks how far its answer hangs on what nobody outside knows: what the group knew of
# the posts, where exactly the outpost stands, and how long a report takes.
#
# To finish in about half a minute it plays very few replications of each arm, which leaves wide intervals. The
# numbers in the README beside it come from the same code with more:
# `REPLICATIONS=300 python experiments/shahrituz_2019/notebook.py`.

# %%
import os

import matplotlib.pyplot as plt
import pandas as pd

import sim
from sim.study.compare.summary import by_sector, effect, ledger, mechanism
from sim.study.pairs import pair_up
from sim.study.replications import Replications
from sim.world import Tables

REPLICATIONS = int(os.environ.get("REPLICATIONS", "24"))
SEED = 1

case = sim.load_scenario("shahrituz_2019")
print(case.question)

# %% [markdown]
# Played here: the border as it stood, and with the outpost. The helpers keep what has been computed (`Tables`), so that
# a moved post or another delay does not build the ground again; `sim.compare` is the shorter way for a single question.

# %%
tables = Tables()


def play(case, arm):
    """Outcome rows of one arm."""
    return Replications((sim.build_world(case, arm, tables),), SEED).run(0, REPLICATIONS)


def pairs_of(case, base=None):
    """With the outpost against without, the same luck in both."""
    base = play(case, "without") if base is None else base
    return pair_up(pd.concat([base, play(case, "with_outpost")]), "with_outpost", "without")


def told(pairs):
    """Share stopped without and with the outpost, and the paired difference with its 95 % interval."""
    with_it, without = pairs.values("interdiction")
    found = effect(pairs, "interdiction")
    low, high = found["ci95"]
    return {
        "without": without.mean(),
        "with": with_it.mean(),
        "difference": found["difference"],
        "low": low,
        "high": high,
    }


# %% [markdown]
# ## With and without
#
# "Stopped" means killed, captured or turned back before the target, wherever and by whomever.

# %%
default = pairs_of(case)
shown = {"default": told(default)}
pd.DataFrame(shown).T.round(3)

# %%
print(ledger(default))
pd.DataFrame({"without": mechanism(default.base), "with_outpost": mechanism(default.arm)}).round(3)

# %% [markdown]
# `own`: the unit that saw the group stopped it. `cued`: others did, sent or alerted by its report. `unprompted`: the
# interior did, without any cue. The attack came some 200 km from Okultun, so only `cued` could have helped there.
#
# ## By what the group knew
#
# The unaware take a quick way. The informed know each standing post with probability 0.8 and the new one with 0.2, and
# accept a detour to keep away from those they know.

# %%
for behaviour in ("unaware", "informed"):
    if behaviour != case.infiltrators.behaviour:
        shown[behaviour] = told(pairs_of(case.replace(**{"infiltrators.behaviour": behaviour})))
    else:
        shown[behaviour] = shown["default"]
pd.DataFrame({name: shown[name] for name in ("unaware", "informed")}).T.round(3)

# %% [markdown]
# ## By where the outpost stands
#
# Its exact place is not public. These lie within 8 km along the river of the assumed one. The baseline is the same for
# all of them.

# %%
PLACES = {
    "8 km downstream": (24.0, 11.9),
    "4 km downstream": (26.4, 12.5),
    "4 km upstream": (27.7, 20.0),
    "8 km upstream": (30.5, 24.3),
}
for name, (x_km, y_km) in PLACES.items():
    moved = case.replace(**{"outpost.x_km": x_km, "outpost.y_km": y_km})
    shown[name] = told(pairs_of(moved, base=default.base))
pd.DataFrame({name: shown[name] for name in ("default", *PLACES)}).T.round(3)

# %% [markdown]
# ## By how long a report takes
#
# The delay counts in both arms: the posts that stood before report no faster.

# %%
DELAYS_MIN = (5, 60, 120)
for delay in DELAYS_MIN:
    shown[f"{delay} min"] = told(pairs_of(case.replace(**{"command.report_delay_min": delay})))
delays = {f"{delay} min": shown[f"{delay} min"] for delay in DELAYS_MIN}
pd.DataFrame({"30 min (default)": shown["default"], **delays}).T.round(3)

# %% [markdown]
# ## All of it

# %%
names = [name for name in shown if name not in ("default", case.infiltrators.behaviour)]
names.insert(0, "default")
figure, ax = plt.subplots(figsize=(7, 4), layout="constrained")
for row, name in enumerate(reversed(names)):
    one = shown[name]
    ax.plot([100 * one["low"], 100 * one["high"]], [row, row], color="tab:blue")
    ax.plot(100 * one["difference"], row, "D", color="tab:blue")
ax.axvline(0, color="black", linewidth=0.8)
ax.set_yticks(range(len(names)), list(reversed(names)))
_ = ax.set_xlabel(f"change in the share stopped, percentage points, 95 % interval, {REPLICATIONS} pairs each")

# %% [markdown]
# ## The rival accounts
#
# 1. *They crossed near Okultun, by the western way.* 2. *They crossed farther east.* Pairs sorted by where the group
# crosses in the baseline speak to these two: a share of all groups in the model, and the outpost's effect on them.
# 3. *Nobody crossed there.* Then the outpost changed nothing, and no run of the model can tell.

# %%
sectors = by_sector(default, tuple(sector.name for sector in case.sectors))
pd.DataFrame(
    {
        name: {
            "share of groups": one["share"],
            "pairs": one["pairs"],
            "difference": one["difference"],
            "low": one["ci95"][0],
            "high": one["ci95"][1],
        }
        for name, one in sectors.items()
    }
).T.round(3)

# %%
for doubt in case.doubts:
    print("-", doubt)

# %% [markdown]
# ## What this does not say
#
# The intervals are sampling error only: how far these replications may be from endlessly many. They hold nothing of
# the doubt about the assumptions, and most numbers of the case are assumptions (`python -m sim study=describe`).
# Several settings are compared at 95 % each, without a correction for their number. What stands here describes a model.
# It is no finding about what happened in November 2019.

# %%
table = pd.DataFrame({name: shown[name] for name in names}).T
print(f"seed {SEED}, {REPLICATIONS} pairs each")
print((100 * table).round(1).to_string())
