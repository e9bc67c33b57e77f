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
# # Getting started
#
# Load a case, look at the ground, compare an outpost with no outpost, change one number, watch a single run minute by
# minute, and try an idea of your own. It takes about half a minute on one core.
#
# To be quick, this notebook uses coarse ground (500 m cells) and few replications. That is enough to learn the tools
# and far too little for an answer; `experiments/shahrituz_2019` is about the answer.

# %%
import os
from datetime import datetime, timedelta

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import sim

REPLICATIONS = int(os.environ.get("REPLICATIONS", "20"))
SEED = 1

# %% [markdown]
# ## A case
#
# A scenario is plain, validated, frozen data. Overrides are written as on the command line. `~arms.NAME` leaves an arm
# out: here the two rivals of the outpost, so that only `without` and `with_outpost` are left.

# %%
case = sim.load_scenario("shahrituz_2019", ["terrain.cell_m=500", "~arms.extra_patrols", "~arms.communications"])
print(case.question)
print("arms:", ", ".join(case.arms))
print("posts:", ", ".join(post.name for post in case.posts), "- and in one arm", case.outpost.name)

# %% [markdown]
# Every value says what it means, what is allowed, and whether it is sourced or assumed.

# %%
keys = sim.describe(case).set_index("key")
keys.loc[
    ["outpost.range_km", "outpost.days_open", "command.report_delay_min"], ["value", "unit", "basis", "from", "meaning"]
]

# %% [markdown]
# A value that makes no sense is refused, with the key and what is allowed.

# %%
try:
    case.replace(**{"outpost.range_km": -5})
except sim.ScenarioError as problem:
    print(problem)

# %% [markdown]
# ## The ground and the routes
#
# A `World` is everything that the runs of one arm share: the ground, who can see which part of it, the routes, and how
# long responders take to get there. Places are in kilometres east (x) and north (y) of the south-west corner.

# %%
world = sim.build_world(case, "with_outpost")
terrain = world.terrain
low_m, high_m = terrain.elevation_m.min(), terrain.elevation_m.max()
print(f"{terrain.shape[0]} x {terrain.shape[1]} cells, {low_m:.0f} to {high_m:.0f} m high")
print(f"{len(world.crossings)} crossing points, {len(world.routes[0])} routes over them")

# %% [markdown]
# One step of a route is a minute of plain going by day. The quickest five, by crossing point and by the way inland:

# %%
routes = pd.DataFrame(
    {
        "crossing": [world.crossings[route.crossing].name for route in world.routes[0]],
        "x_km": [world.crossings[route.crossing].x_km for route in world.routes[0]],
        "way": [world.way_name(route.way) for route in world.routes[0]],
        "hours": [route.steps / 60 for route in world.routes[0]],
    }
)
routes.nsmallest(5, "hours").round(1)

# %%
figure, ax = plt.subplots(figsize=(6, 6))
ax.imshow(terrain.elevation_m, extent=(0, terrain.width_km, 0, terrain.height_km), cmap="Greys", alpha=0.6)
ax.plot(*terrain.border_km.T, color="tab:blue", label="border river")
for way, routes_of_way in routes.groupby("way"):
    quickest = world.routes[0][routes_of_way["hours"].idxmin()]
    ax.plot(quickest.x_km, quickest.y_km, label=f"{way.replace('_', ' ')}: {quickest.steps / 60:.1f} h")
ax.plot([c.x_km for c in world.crossings], [c.y_km for c in world.crossings], "k.", label="crossing points")
ax.plot([p.x_km for p in case.posts], [p.y_km for p in case.posts], "k^", label="posts")
ax.plot(case.outpost.x_km, case.outpost.y_km, "r*", markersize=12, label="outpost")
ax.set(xlim=(0, terrain.width_km), ylim=(0, terrain.height_km), xlabel="km east", ylabel="km north")
_ = ax.legend(fontsize=8)

# %% [markdown]
# ## With and without
#
# Each replication is played in both arms with the same luck: the same departure, weather, patrols and chances to be
# seen. `workers=1` keeps the work in this process; leave it out to use all cores.

# %%
told = sim.compare(case, REPLICATIONS, seed=SEED, workers=1, quiet=True)
told

# %% [markdown]
# The ledger counts pairs: groups stopped in both arms, in one of them only, or in neither. The difference between the
# arms comes from the two cells in the middle.

# %%
told.ledger()

# %%
told.plot()

# %%
told.map()

# %% [markdown]
# ## Change one thing
#
# `replace` gives a changed copy. The seed is the same, so the luck is too.

# %%
farther = sim.compare(case.replace(**{"outpost.range_km": 12}), REPLICATIONS, seed=SEED, workers=1, quiet=True)


def effect_of(result):
    """The outpost's effect on how often the group is stopped: difference and 95 % interval."""
    effect = result.summary()["effects"]["with_outpost"]["interdiction"]
    low, high = effect["ci95"]
    return {"difference": effect["difference"], "low": low, "high": high}


pd.DataFrame({f"{case.outpost.range_km:g} km": effect_of(told), "12 km": effect_of(farther)}).T.round(3)

# %% [markdown]
# With so few replications the intervals are wide; they only say how far chance could move the numbers.
#
# The outcome rows themselves are a plain frame: one row a replication, arm and group (`docs/OUTCOMES.md` explains the
# columns).

# %%
rows = told.to_frame()
pd.crosstab(rows["arm"], rows["outcome"])

# %% [markdown]
# ## Watch one run
#
# `BorderModel` is a Mesa model: one replication of one arm. `step()` is a minute. Here is the first replication in
# which the outpost itself saw the group (or the first of all, if it never did), told whenever something changes.

# %%
seen = rows[(rows["arm"] == "with_outpost") & (rows["detected_by"] == case.outpost.name)]
number = int(seen["replication"].iloc[0]) if len(seen) else 0
model = sim.BorderModel(rng=SEED, replication=number, world=world)
group = model.groups[0]
start = datetime.fromisoformat(case.light.start)
LIGHT = ("day", "twilight", "night")

story, before = [], None
while model.running:
    model.step()
    now = (group.stage.value, LIGHT[model.light], group.record["detected_by"], model.dispatches)
    if now != before:
        clock = (start + timedelta(minutes=model.minute)).strftime("%d %b %H:%M")
        story.append((model.minute, clock, round(group.x_km, 1), round(group.y_km, 1), *now))
        before = now
pd.DataFrame(story, columns=["minute", "clock", "x_km", "y_km", "stage", "light", "detected by", "dispatches"])

# %% [markdown]
# Its outcome row is the one that `compare` has for this replication.

# %%
outcome = model.rows()[0]
for key in (
    "crossing",
    "way",
    "detected_by",
    "intercepted_by",
    "mechanism",
    "outcome",
    "killed",
    "captured",
    "own_killed",
):
    print(f"{key:>15}: {outcome[key]}")
same = rows[(rows["arm"] == "with_outpost") & (rows["replication"] == number)].iloc[0]
assert all(same[key] == outcome[key] for key in ("crossing", "outcome", "ended_min", "killed"))

# %% [markdown]
# ## An idea of your own
#
# What if patrols lay in wait in the middle of their track instead of walking it? Subclass the agent, name it in a
# subclass of the model, and run it. Everything else, luck included, stays as it was. The arm `extra_patrols` of the
# full case has three more patrols, with thermal sights, so that there is something to see by night.


# %%
class Ambush(sim.Patrol):
    """A patrol that lies in wait in the middle of its track."""

    def where(self, minute):  # noqa: ARG002 - it stays, whatever the minute
        return self.track.length_km / 2


class AmbushModel(sim.BorderModel):
    patrol_class = Ambush


patrolled = sim.load_scenario("shahrituz_2019", ["terrain.cell_m=500"])
walking = sim.run(patrolled, "extra_patrols", REPLICATIONS, seed=SEED, engine="mesa")
waiting = sim.run(patrolled, "extra_patrols", REPLICATIONS, seed=SEED, engine="mesa", model=AmbushModel)
pd.crosstab(walking["detected"].rename("detected when they walk"), waiting["detected"].rename("when they wait"))

# %% [markdown]
# The groups set out and cross just as before: the patrols' new habit has not touched anybody else's luck.

# %%
assert np.array_equal(walking["departed_min"], waiting["departed_min"])
assert np.array_equal(walking["crossing"], waiting["crossing"])

# %% [markdown]
# Is that so in general? `check_model` tries on small cases whether a model still keeps what every study relies on, and
# says what to do where it does not. A class that is written in a notebook can be found by no other process, and so the
# two checks that need one are left out (`docs/OWN_MODELS.md` says more).

# %%
valley = sim.load_scenario("conformance")
kept = sim.check_model(AmbushModel, valley, leave_out=["pickling", "processes"])
kept

# %%
kept.raise_if_failed()
