"""Whole scenarios drawn by hypothesis over the whole configuration: valid by construction, and quick to build and play.

What stands on the ground stands where no drawn river, reeds or ridge can come, so that nothing has to be thrown away.
What a draw leaves out keeps its default, at which the mechanisms are off: failures shrink to the few keys that matter.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from sim.scenario import Scenario
from sim.scenario.group import GroupKind
from sim.scenario.infiltrators import Behaviour
from sim.scenario.scenario import validate

Keys = SearchStrategy[dict[str, Any]]
ARMS = ("without", "with_outpost", "more")
"""Arms of every drawn scenario: the second has the outpost, the third a post and a patrol of its own beside it."""

BEHAVIOURS: tuple[str, ...] = Behaviour.__args__  # type: ignore[attr-defined]
KINDS: tuple[str, ...] = GroupKind.__args__  # type: ignore[attr-defined]
LAWS = ("definite_range", "constant_rate", "inverse_cube", "exponential", "logistic")
CHANCES = st.sampled_from([0.0, 0.3, 0.7, 1.0])
SWITCH = st.booleans()


def some(**keys: SearchStrategy[Any]) -> Keys:
    """Any of the keys, each with its own values; what is left out keeps its default."""
    return st.fixed_dictionaries({}, optional=keys)


def one_of(*values: Any) -> SearchStrategy[Any]:
    """One of several values, the simplest first."""
    return st.sampled_from(values)


# -- the ground ---------------------------------------------------------------------------------------------------

RIVER = {"name": "the border", "kind": "border_river", "width_km": 0.3, "points": [[-1.0, 5.0], [13.0, 5.0]]}
BROOK = {"name": "a brook", "kind": "river", "width_km": 0.3, "points": [[9.5, 13.0], [9.5, 5.3]]}
REEDS = {"name": "reeds", "kind": "reeds", "width_km": 0.8, "points": [[6.5, 7.7], [8.5, 7.7]]}
RIDGE = {"name": "a ridge", "kind": "ridge", "half_width_km": 1.0, "crest_m": [650.0], "points": [[2.0, 8.8], [5, 8.8]]}
ROAD = {"name": "a road", "kind": "road", "points": [[6.2, 5.5], [6.2, 12.5]]}
TOWN = {"name": "a town", "kind": "town", "x_km": 3.0, "y_km": 11.0, "radius_km": 0.6}


@st.composite
def terrains(draw: DrawFn) -> dict[str, Any]:
    """Twelve kilometres square: level, with a ridge, or invented; reeds and the steep ground may be impassable."""
    source = draw(one_of("flat", "gazetteer", "synthetic", "bare"))
    terrain = {
        "source": "flat" if source == "bare" else source,
        "width_km": 12.0,
        "height_km": 12.0,
        "cell_m": draw(one_of(500.0, 250.0)),
        "refraction": draw(SWITCH),
        "terrain_seed": draw(st.integers(1, 5)),
        "ruggedness": draw(one_of(0.5, 0.0, 1.0)),
    }
    if source == "synthetic":
        extra = some(river=SWITCH, ridges=one_of(0, 1, 2), relief_m=one_of(100.0, 800.0))
        return {**terrain, **draw(extra), "cover": {"rough": {"foot_factor": draw(one_of(0.85, 0.3))}}}
    if source == "bare":
        return {**terrain, "lines": [], "points": [], "cover": {"open": {"foot_factor": draw(one_of(1.0, 1.5, 0.3))}}}
    lines = [line for line in (BROOK, REEDS, RIDGE) if draw(SWITCH)]
    lines += [RIVER] if draw(one_of(True, True, False)) else []
    lines += [ROAD] if source == "gazetteer" or draw(SWITCH) else []
    cover = {
        "open": {"foot_factor": draw(one_of(1.0, 1.5)), "concealment": draw(one_of(0.0, 0.5))},
        "rough": {"foot_factor": draw(one_of(0.85, 0.0)), "vehicle_kmh": draw(one_of(5.0, 0.0))},
        "reeds": {"foot_factor": draw(one_of(0.6, 0.0)), "concealment": draw(one_of(0.7, 1.0))},
    }
    return {**terrain, "lines": lines, "points": [TOWN] if draw(SWITCH) else [], "cover": cover}


@st.composite
def lights(draw: DrawFn) -> dict[str, Any]:
    """Any time of day to begin, short and long nights, one weather or two."""
    share = draw(one_of(1.0, 0.6))
    weather = [{"name": "clear", "probability": share, "visibility": 1.0}]
    weather += [{"name": "haze", "probability": 0.4, "visibility": 0.5}] if share < 1 else []
    hours = some(sunrise=one_of("06:55", "04:30"), sunset=one_of("17:29", "21:30"), twilight_min=one_of(27, 0, 90))
    start = draw(one_of("17:00", "00:30", "05:00", "12:00"))
    return {"start": f"2019-11-03T{start}", "weather": weather, **draw(hours)}


def fronts(terrain: dict[str, Any]) -> Keys:
    """A front of up to nine lanes, where the ground is bare and level; none elsewhere."""
    if terrain["source"] != "flat" or terrain["lines"] or terrain["points"]:
        return st.just({})
    return st.fixed_dictionaries(
        {"west_km": one_of(1.0, 0.0, 5.9), "east_km": one_of(11.0, 12.0, 6.1), "lanes": one_of(3, 0, 1, 9)}
    )


# -- the forces ---------------------------------------------------------------------------------------------------

SENSOR = some(
    law=one_of(*LAWS),
    range_km=one_of(3.0, 0.0, 1.0),
    rate_per_hour=one_of(6.0, 0.0, 60.0),
    softness=one_of(0.1, 1.0),
    twilight_factor=CHANCES,
    night_factor=one_of(1.0, 0.2, 0.0),
    weather_sensitivity=one_of(1.0, 0.0),
    powered=SWITCH,
)
POST = some(
    sensors=one_of(["eye"], [], ["thermal"], ["radar", "eye"], ["thermal", "radar", "eye"]),
    range_km=one_of(3.0, 0.0, 1.0, 6.0),
    height_m=one_of(4.0, 0.0, 20.0),
    staffing=one_of(0.8, 0.0, 1.0),
    responders=one_of(8, 0, 3, 30),
    notice_min=one_of(15, 0, 60),
    response_km=one_of(10.0, 0.0, 2.0),
    frontage_km=one_of(20.0, 0.0, 3.0),
    vehicle=SWITCH,
    cues_units=SWITCH,
    days_open=one_of(1000.0, 0.0, 10.0),
    readiness_at_opening=CHANCES,
    readiness_days=one_of(30.0, 7.0),
    false_alarms_per_day=one_of(0.3, 0.0, 8.0),
    power_cuts_per_day=one_of(0.0, 2.0, 12.0),
    power_cut_hours=one_of(2.0, 0.2),
)
PATROL = some(
    mode=one_of("back_and_forth", "loop", "random"),
    speed_kmh=one_of(4.0, 0.7, 30.0),
    cycle_min=one_of(240, 2, 77, 720),
    sensor=one_of("eye", "thermal", "radar"),
    range_km=one_of(1.5, 0.0, 0.4, 4.0),
    height_m=one_of(1.7, 3.0),
    responders=one_of(5, 0, 12),
    response_km=one_of(8.0, 0.0, 2.0),
    vehicle=SWITCH,
)
TURNS = st.fixed_dictionaries({"duty_share": one_of(1.0, 0.43, 0.0)})
TRACKS = (
    [[2.0, 5.7], [10.0, 5.7]],
    [[4.0, 6.2], [8.0, 6.2], [8.0, 8.2]],
    [[5.5, 6.0], [5.5, 10.0]],
    [[7.0, 5.6], [7.0, 5.9]],
)
ALTERNATIVES = one_of((), (0.4,), (1.0,), (0.5, 0.5), (0.0, 0.3))


@st.composite
def patrols(draw: DrawFn) -> list[dict[str, Any]]:
    """None, one or two patrols, each with up to two other tracks."""
    found = []
    for number in range(draw(one_of(1, 0, 2))):
        first = draw(st.integers(0, len(TRACKS) - 1))
        others = [
            {"track": TRACKS[(first + place) % len(TRACKS)], "probability": share}
            for place, share in enumerate(draw(ALTERNATIVES), start=1)
        ]
        where = {"name": f"patrol_{number}", "track": TRACKS[first], "alternatives": others}
        found.append({**where, **draw(TURNS), **draw(PATROL)})
    return found


COMMAND = some(
    watches_far_bank=SWITCH,
    report_delay_min=one_of(20, 0, 120),
    report_delay_law=one_of("fixed", "exponential", "erlang"),
    report_delay_stages=one_of(3, 1, 50),
    false_alarm_check=SWITCH,
    check_min=one_of(15, 0, 60),
    check_catches=CHANCES,
    common_picture=SWITCH,
    route_guess_probability=one_of(1.0, 0.5, 0.0),
    lost_search_min=one_of(0, 30, 180),
    sharing_radius_km=one_of(25.0, 0.0),
    cue_interior=SWITCH,
    interior_delay_min=one_of(60, 0),
    alert_hours=one_of(60.0, 1.0),
    farthest_on_pace=one_of(1.0, 0.6, 1.4),
    expected_pace=one_of(0.6, 1.0, 0.3),
    expects_day_halts=SWITCH,
    night_pace=one_of(0.67, 1.0, 0.3),
    vehicle_night_pace=one_of(0.75, 1.0, 0.4),
    pursuit_limit_min=one_of(360, 0, 60),
    wait_min=one_of(120, 0, 15),
    search_pace=one_of(1.0, 0.4, 2.5),
    contact_km=one_of(0.5, 0.1, 2.0),
    contact_per_man_hour=one_of(0.108, 0.0, 2.0),
    contact_day_factor=one_of(2.0, 1.0, 7.5),
    shadow_loss_per_hour=one_of(0.7, 0.0, 20.0),
    engage_ratio=one_of(1.2, 0.0, 4.0),
    force_ratio=one_of(3.0, 0.0, 10.0),
    false_alarm_min=one_of(180, 0, 30),
)
RAKED = ([[2.0, 5.7], [10.0, 5.7]], [[4.0, 6.4], [8.0, 6.1], [8.0, 8.0]], [[3.0, 7.0], [9.0, 8.2]])
STRIP = some(
    near_km=one_of(0.3, 0.0, 1.0),
    find_probability=one_of(1.0, 0.5, 0.0),
    night_factor=CHANCES,
    lasting_hours=one_of(12.0, 1.0, 0.0),
    trail_pace=one_of(0.6, 3.0, 1.0),
    trail_loss_per_hour=one_of(0.4, 0.0, 10.0),
)
ENGAGEMENT = some(
    law=one_of("square", "linear"),
    effectiveness=one_of(1.5, 0.5, 20.0),
    attacks_per_hour=one_of(0.1, 0.0, 6.0),
    attack_ratio=one_of(2.0, 0.0, 1.0),
    surrender_at=CHANCES,
    abandon_at=CHANCES,
    break_off_at=CHANCES,
    capture_probability=CHANCES,
)
INLAND = some(
    total_hours_low=one_of(4.0, 8.0),
    total_hours_high=one_of(10.0, 20.0),
    road_hours=one_of(1.0, 3.0),
    checkpoints=one_of(3, 0, 1),
    stop_probability=one_of(0.03, 0.1),
    alerted_stop_probability=one_of(0.12, 1.0),
    search_per_hour=one_of(0.001, 0.01),
    alerted_search_per_hour=one_of(0.012, 1.0),
    search_teams=one_of(3, 1, 0),
    responders=one_of(40, 1),
    defenders=one_of(10, 0),
    warned_defenders=one_of(20, 0, 5),
    warned_advantage=one_of(1.5, 1.0),
    enabled=SWITCH,
)

# -- the infiltrators ---------------------------------------------------------------------------------------------

PARTY = {
    "size": one_of(None, 1, 8, 25),
    "pace_low": one_of(None, 0.5, 0.8),
    "pace_high": one_of(None, 0.8, 1.3),
    "night_pace": one_of(0.67, 1.0),
    "keeps_off_paths": SWITCH,
    "rafts_by_night": SWITCH,
    "lies_up": SWITCH,
    "lying_up_factor": one_of(0.1, 0.0, 1.0),
    "signature": one_of(None, 1.0, 0.0, 3.0),
    "admitted_probability": one_of(None, 0.5, 0.0, 1.0),
    "notice_km": one_of(0.0, 1.0, 4.0),
    "notice_night_factor": one_of(0.5, 0.0, 1.0),
    "notice_probability": one_of(0.7, 1.0, 0.0),
    "hide_min": one_of(30, 0, 5),
    "inland": SWITCH,
}
WAYS = [{"name": "west_way", "x_km": 0.6, "y_km": 7.0}, {"name": "east_way", "x_km": 11.2, "y_km": 8.0}]
PROFILE = {
    "size": one_of(5, 1, 30),
    "pace_low": one_of(0.7, 0.4),
    "pace_high": one_of(1.0, 1.3),
    "signature": one_of(1.0, 0.0, 2.0),
    "admitted_probability": CHANCES,
}


@st.composite
def parties(draw: DrawFn, name: str, southern_km: float) -> dict[str, Any]:
    """Who they are, where from and where to, and how they move: what groups and streams share."""
    kind = draw(one_of(*KINDS))
    will = one_of(None, 0.0) if kind == "migrants" else one_of(None, 1.0, 0.0, 0.5)
    target = draw(one_of((6.0, 11.5), (10.8, 11.0), (7.6, 10.2)))
    return {
        "name": name,
        "kind": kind,
        "start_x_km": draw(one_of(6.0, 3.0, 8.8)),
        "start_y_km": southern_km,
        "target_x_km": target[0],
        "target_y_km": target[1],
        **draw(some(**PARTY, will_to_fight=will)),
    }


@st.composite
def infiltrators(
    draw: DrawFn, southern_km: float, dangers: list[dict[str, float]], front: dict[str, Any]
) -> dict[str, Any]:
    """Up to two groups and two streams, one of either at least, and every way to choose among the crossing points."""
    number, flows = draw(one_of((1, 0), (0, 1), (2, 0), (1, 1), (0, 2)))
    groups = [
        {
            **draw(parties(f"band_{index}", southern_km)),
            "depart_earliest_min": draw(one_of(10, 0, 60)),
            "depart_latest_min": draw(one_of(60, 400)),
        }
        for index in range(number)
    ]
    streams = []
    for index in range(flows):
        stream = {**draw(parties(f"flow_{'ab'[index]}", southern_km)), "per_day": draw(one_of(3.0, 0.0, 8.0))}
        stream |= draw(some(from_min=one_of(0, 200), until_min=one_of(700, 201, 1440)))
        if draw(SWITCH):
            stream |= {"size": draw(one_of(1, 4)), "size_high": draw(one_of(4, 12))}
        streams.append(stream)
    profiles = {
        kind: some(**PROFILE) if kind == "migrants" else some(**PROFILE, will_to_fight=CHANCES) for kind in KINDS
    }
    settings = some(
        behaviour=one_of(*BEHAVIOURS),
        aversion=one_of(60.0, 0.0, 600.0),
        awareness_standing=CHANCES,
        awareness_new=CHANCES,
        spread_min=one_of(60.0, 0.0),
        quantal_min=one_of(60.0, 1.0),
        danger=one_of(*dangers),
        raft_min=one_of(20, 1),
        detour_max_min=one_of(360, 0),
        size_exponent=one_of(0.5, 0.0, 1.0),
        standard_size=one_of(20.0, 1.0),
        ways=one_of(
            [], [{"name": "west_way", "x_km": 0.6, "y_km": 7.0}, {"name": "east_way", "x_km": 11.2, "y_km": 8}]
        ),
        kinds=some(**profiles),
    )
    spacing = draw(one_of(2.0, 4.0))
    drawn = draw(settings) | {"crossing_spacing_km": spacing, "groups": groups, "streams": streams, "front": front}
    return drawn | {"ways": []} if front.get("lanes") else drawn


# -- the whole ----------------------------------------------------------------------------------------------------


def dangers_on(terrain: dict[str, Any], front: dict[str, Any]) -> list[dict[str, float]]:
    """What may be told of crossing points that this ground has: lanes, those of a border river, or the one without."""
    if front.get("lanes"):
        return [{}, {"lane_0000": 0.5}]
    lines = terrain.get("lines", [])
    river = terrain.get("river", True) if terrain["source"] == "synthetic" else RIVER in lines
    return [{}, {"c00": 0.5, "c01": 1.0}] if river else [{}, {"direct": 0.2}]


@st.composite
def scenario_data(draw: DrawFn) -> dict[str, Any]:
    """A whole scenario as plain data."""
    terrain = draw(terrains())
    front = draw(fronts(terrain))
    posts = [{"name": "east_post", "x_km": 8.0, "y_km": 6.3}, {"name": "west_post", "x_km": 3.0, "y_km": 6.3}]
    outpost = {"name": "new_post", "x_km": 4.5, "y_km": 6.6}
    force = some(responders=one_of(20, 0, 60), notice_min=one_of(15, 0, 60), vehicle=SWITCH)
    more = {
        "changes": {"outpost.present": draw(SWITCH), "command.report_delay_min": draw(one_of(5, 40))},
        "add_posts": [{"name": "mast", "x_km": 10.4, "y_km": 6.6, **draw(POST)}],
        "add_patrols": [{"name": "riders", "track": TRACKS[1], **draw(PATROL)}],
    }
    return {
        "name": "drawn",
        "terrain": terrain,
        "light": draw(lights()),
        "sensors": {name: {"kind": name, "night_factor": 1.0, **draw(SENSOR)} for name in ("eye", "thermal", "radar")},
        "posts": [{**post, **draw(POST)} for post in posts[: draw(one_of(1, 0, 2))]],
        "outpost": {**outpost, **draw(POST)},
        "patrols": draw(patrols()),
        "reaction_force": {"name": "reserve", "x_km": 6.0, "y_km": 10.6, **draw(force)},
        "control_strip": {"present": draw(SWITCH), "lines": draw(one_of(RAKED[:1], RAKED, RAKED[1:])), **draw(STRIP)},
        "command": draw(COMMAND),
        "infiltrators": draw(
            infiltrators(0.6 if terrain["source"] == "synthetic" else 2.0, dangers_on(terrain, front), front)
        ),
        "inland": {"total_hours_low": 4.0, "total_hours_high": 10.0, "road_hours": 1.0, **draw(INLAND)},
        "engagement": draw(ENGAGEMENT),
        "season": draw(some(seasons=one_of(8, 1), trials=one_of(40, 1), weight=CHANCES, forgetting=CHANCES)),
        "arms": {"without": {}, "with_outpost": {"changes": {"outpost": {"present": True}}}, "more": more},
        "sectors": [{"name": "west", "west_km": 0.0, "east_km": 6.0}] if draw(SWITCH) else [],
        "horizon_min": draw(one_of(1500, 2500, 2000, 400, 1)),
    }


def scenarios() -> SearchStrategy[Scenario]:
    """A whole scenario, validated; each of `ARMS` can be built and played."""
    return scenario_data().map(validate)
