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
# # Range, report delay, behaviour
#
# *How much of what the outpost changes hangs on how far it sees, on how long a report takes, and on what the groups
# know?* The range of its thermal camera is sourced to a camera's optics and nothing more; the other two are assumed.
#
# The three are crossed: every range with every delay and every behaviour, all with the same luck. Only two arms are
# played, without and with the outpost. As it stands the notebook plays very few replications of a coarse grid; the
# numbers in the README beside it come from the command that stands there.

# %%
import os

import sim

REPLICATIONS = int(os.environ.get("REPLICATIONS", "6"))
SEED = 1

case = sim.load_scenario(
    "shahrituz_2019", ["~arms.extra_patrols", "~arms.masts", "~arms.reaction_force", "~arms.communications"]
)

# %% [markdown]
# ## The design
#
# Lists are crossed. `sim.interval(3, 15)` in the place of a list would sample the range between its ends.

# %%
over = {
    "outpost.range_km": [3, 6.7, 15],
    "command.report_delay_min": [5, 120],
    "infiltrators.behaviour": ["unaware", "informed"],
}
told = sim.sweep(case, over, replications=REPLICATIONS, seed=SEED, workers=1, quiet=True)
told

# %% [markdown]
# ## The table
#
# One row a point and arm. A difference is paired: the same group, night and luck, with and without the outpost.

# %%
table = told.to_frame()
table[table["arm"] == "with_outpost"].drop(columns=["arm", "point"]).round(3)

# %% [markdown]
# ## The picture
#
# Hatched cells: the 95 % interval includes zero, so that these runs do not tell whether the outpost helps or harms
# there.

# %%
told.plot()

# %% [markdown]
# ## By one key at a time
#
# Means over the other two keys. They weigh all points alike, which no real border does.

# %%
effects = table[table["arm"] == "with_outpost"]
for key in over:
    print((100 * effects.groupby(key)["interdiction_difference"].mean()).round(1).to_string(), "\n")

# %% [markdown]
# ## Where it comes to matter
#
# Along one key, where the interval comes to include zero or leaves it: a straight line between two points, and a matter
# of the number of replications as much as of the outpost.

# %%
for one in told.tipping_points():
    print(f"{one['key']} near {one['at']:.2g}, from {one['before']} to {one['after']}, at {one['others']}")

# %% [markdown]
# ## What this does not say
#
# The intervals are sampling error only. Many points are compared at 95 % each, without a correction for their number.
# What stands here describes a model under stated assumptions, and is no finding about what happened.
