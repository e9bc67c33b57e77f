"""Places that only the built ground can refuse, and arms whose changes cannot stand: refused before a run."""

from __future__ import annotations

import pytest

import sim

BORDER, BROOK = "border_river", "(river)"

PLACES = {
    "outpost off the grid": (["outpost.x_km=-1"], ["outpost.x_km", "-1", "off the grid", "0 to 12"]),
    "post off the grid": (["posts.0.x_km=99"], ["posts.0.x_km", "99", "off the grid", "0 to 12"]),
    "outpost in the border river": (["outpost.y_km=6"], ["outpost", BORDER, "(8, 6)", "dry ground"]),
    "post in the border river": (["posts.0.y_km=6.1"], ["posts.0", BORDER, "(4, 6.1)", "dry ground"]),
    "outpost in an inland river": (["outpost.x_km=2", "outpost.y_km=9"], ["outpost", BROOK, "(2, 9)", "dry ground"]),
    "reaction force in an inland river": (
        ["reaction_force.x_km=2", "reaction_force.y_km=9"],
        ["reaction_force", BROOK, "(2, 9)", "dry ground"],
    ),
    "reaction force in the border river": (["reaction_force.y_km=6"], ["reaction_force", BORDER, "dry ground"]),
    "start off the grid": (
        ["infiltrators.groups.0.start_x_km=-3"],
        ["infiltrators.groups.0.start_x_km", "-3", "off the grid", "0 to 12"],
    ),
    "target off the grid": (
        ["infiltrators.groups.0.target_y_km=12.1"],
        ["infiltrators.groups.0.target_y_km", "12.1", "off the grid", "0 to 12"],
    ),
    "target in the river": (["infiltrators.groups.0.target_y_km=6"], ["infiltrators.groups.0", BORDER, "dry ground"]),
    "way off the grid": (
        ["infiltrators.ways=[{name:gap,x_km:6,y_km:60}]"],
        ["infiltrators.ways.0.y_km", "60", "off the grid", "0 to 12"],
    ),
    "way in the river": (["infiltrators.ways=[{name:ford,x_km:6,y_km:6}]"], ["infiltrators.ways.0", BORDER]),
    "ground that nobody can walk on": (["terrain.cover.open.foot_factor=0"], ["posts.0", "impassable"]),
    "no crossing point": (["infiltrators.crossing_spacing_km=100"], ["infiltrators.groups.0", "no route", "(6, 11.5)"]),
    "track of one point": (["patrols.0.track=[[3,7]]"], ["patrols.0.track", "two", "[[3", "7"]),
    "track that stays on its point": (["patrols.0.track=[[3,7],[3,7]]"], ["patrols.0.track", "two different points"]),
    "track off the grid": (["patrols.0.track=[[3,7],[19,7]]"], ["patrols.0.track.1", "19", "off the grid", "0 to 12"]),
    "track across the border": (["patrols.0.track=[[3,7],[9,4]]"], ["patrols.0.track", "crosses the border river"]),
}

# What an arm changes is refused under the arm's own key; the baseline is sound.
ARMS = {
    "unknown key": ("changes.outpost.presnt=true", ["arms.with_outpost", "outpost.presnt", "no such key"]),
    "unknown part": ("changes.outpots.present=true", ["arms.with_outpost", "outpots", "no such key"]),
    "value out of range": ("changes.outpost.range_km=-4", ["arms.with_outpost", "outpost.range_km", "-4", "0"]),
    "number for a part": ("changes.outpost=3", ["arms.with_outpost", "outpost", "3"]),
    "no groups": (
        "changes.infiltrators.groups=[]",
        ["arms.with_outpost", "infiltrators.groups", "an arm may not change it", "same groups"],
    ),
    "ground of its own": ("changes.terrain.cell_m=5", ["arms.with_outpost", "terrain.cell_m", "5", "50"]),
    "post into the water": ("changes.outpost.y_km=6", ["outpost", BORDER, "(8, 6)", "dry ground"]),
}

# `add_posts` and `add_patrols` cannot be set on the command line as plain keys, so these stand in the file.
ADDITIONS = {
    "existing name": ("add_posts: [{name: west, x_km: 8, y_km: 8}]", ["arms.with_outpost", "name", "west", "posts.0"]),
    "name of the outpost": ("add_posts: [{name: new, x_km: 8, y_km: 8}]", ["arms.with_outpost", "'new'"]),
    "two of a name": (
        "add_patrols: [{name: p, track: [[3, 8], [4, 8]]}, {name: p, track: [[5, 8], [6, 8]]}]",
        ["arms.with_outpost", "name", "'p'"],
    ),
    "unknown sensor": (
        "add_posts: [{name: east, x_km: 8, y_km: 8, sensors: [laser]}]",
        ["arms.with_outpost.add_posts", "sensors", "laser", "thermal"],
    ),
    "unknown key": (
        "add_posts: [{name: east, x_km: 8, y_km: 8, colour: blue}]",
        ["arms.with_outpost.add_posts.0.colour", "no such key"],
    ),
    "off the grid": ("add_posts: [{name: east, x_km: 80, y_km: 8}]", ["x_km", "80", "off the grid", "0 to 12"]),
    "track across the border": (
        "add_patrols: [{name: boat, track: [[3, 8], [3, 3]]}]",
        ["patrols.1.track", "crosses the border river"],
    ),
}


@pytest.mark.parametrize(("arguments", "words"), PLACES.values(), ids=PLACES.keys())
def test_place_is_refused(arguments, words, refused):
    refused(arguments, words)


@pytest.mark.parametrize(("change", "words"), ARMS.values(), ids=ARMS.keys())
def test_arm_is_refused(change, words, refused):
    refused([f"arms.with_outpost.{change}"], words)


@pytest.mark.parametrize(("addition", "words"), ADDITIONS.values(), ids=ADDITIONS.keys())
def test_addition_of_an_arm_is_refused(addition, words, edited, refused):
    edited("changes: {outpost: {present: true}}", addition)
    refused([], words)


def test_post_far_from_everybody_and_off_the_grid_is_refused(refused):
    refused(["outpost.y_km=40", "command.sharing_radius_km=0"], ["outpost.y_km", "40", "off the grid", "0 to 12"])


def test_target_where_one_starts_has_no_way_over_the_border(refused):
    refused(["infiltrators.groups.0.target_y_km=2"], ["infiltrators.groups.0", "no route", "(6, 2)"])


def test_target_enclosed_by_water_is_refused(edited, refused):
    # The brook becomes a moat that nobody can wade around the target at (6, 11.5).
    edited("points: [[2, 12], [2, 6]]", "points: [[4, 12], [4, 9.5], [8, 9.5], [8, 12]]")
    refused(
        ["terrain.cover.river.foot_factor=0", "reaction_force.x_km=10"],
        ["infiltrators.groups.0", "no route", "(6, 11.5)", "can be walked to"],
    )


def test_only_a_ring_is_refused_for_the_way_back_from_its_last_point(refused):
    # The river bends north to (6, 9). The track goes round the bend; straight from its last point to its first,
    # along y = 8.5, it would cross the river twice.
    bend = ["terrain.lines.0.points=[[12,6],[6,9],[0,6]]", "posts.0.y_km=10", "outpost.y_km=10"]
    track = [*bend, "patrols.0.track=[[3,8.5],[6,11],[9,8.5]]"]
    assert sim.build_world(sim.load_scenario("small.yaml", track), "without").tracks
    refused([*track, "patrols.0.mode=loop"], ["patrols.0.track", "crosses the border river", "8.5"])
