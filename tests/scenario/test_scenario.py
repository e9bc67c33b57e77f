"""The scenario: bounds, unknown keys, cross-checks, replacing, arms, and the digest."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_case import BASE, default_case, small_case, small_data

from sim.scenario import Scenario, ScenarioError, load_scenario
from sim.scenario.keys import assign, flatten
from sim.scenario.scenario import validate

# (dotted key, refused value, what the message must name beside the key)
REFUSED = [
    ("outpost.range_km", -1, ["-1", "greater than or equal to 0"]),
    ("outpost.range_km", 45.5, ["45.5", "less than or equal to 45"]),
    ("outpost.range_km", "far", ["far", "number"]),
    ("outpost.range_km", True, ["True"]),
    ("outpost.range_km", float("nan"), ["finite"]),
    ("outpost.x_km", float("inf"), ["finite"]),
    ("outpost.staffing", 1.2, ["1.2", "less than or equal to 1"]),
    ("outpost.readiness_days", 0, ["0", "greater than 0"]),
    ("outpost.responders", 2.5, ["2.5", "integer"]),
    ("outpost.name", "two words", ["two words", "pattern"]),
    ("command.report_delay_min", -5, ["-5", "greater than or equal to 0"]),
    ("command.report_delay_min", 30.0, ["30.0", "integer"]),
    ("command.contact_day_factor", 0.9, ["0.9"]),
    ("command.expected_pace", 0, ["greater than 0"]),
    ("infiltrators.behaviour", "clever", ["clever", "unaware", "informed"]),
    ("infiltrators.raft_min", 0, ["greater than or equal to 1"]),
    ("infiltrators.groups.0.size", 0, ["greater than or equal to 1"]),
    ("infiltrators.groups.0.kind", "tourists", ["tourists", "migrants"]),
    ("patrols.0.duty_share", 1.5, ["1.5"]),
    ("patrols.0.cycle_min", 1, ["greater than or equal to 2"]),
    ("patrols.0.track", [[1.0, 2.0]], ["two different points"]),
    ("patrols.0.track", [[1.0, 2.0], [1.0, 2.0]], ["two different points"]),
    ("patrols.0.mode", "zigzag", ["zigzag", "back_and_forth", "loop"]),
    ("engagement.law", "cubic", ["cubic", "square", "linear"]),
    ("engagement.effectiveness", 0, ["greater than 0"]),
    ("light.sunset", "25:00", ["HH:MM"]),
    ("light.start", "3 November", ["YYYY-MM-DDTHH:MM"]),
    ("light.weather", [], ["at least one"]),
    ("light.weather.0.probability", 0.1, ["0.4", "allowed: 1"]),
    ("light.weather.0.visibility", 0, ["greater than 0"]),
    ("sensors.eye.law", "magic", ["magic", "inverse_cube"]),
    ("sensors.eye.softness", 0, ["greater than 0"]),
    ("terrain.cell_m", 10, ["greater than or equal to 50"]),
    ("terrain.source", "moon", ["moon", "gazetteer"]),
    ("horizon_min", 0, ["greater than or equal to 1"]),
    ("outpost.wings", 2, ["no such key"]),
    ("weather", [], ["no such key"]),
]


@pytest.mark.parametrize(("key", "value", "named"), REFUSED, ids=[f"{key}={value!r}" for key, value, _ in REFUSED])
def test_a_refusal_names_key_value_and_what_is_allowed(key: str, value: Any, named: list[str]) -> None:
    with pytest.raises(ScenarioError) as refused:
        small_case(**{key: value})
    message = str(refused.value)
    parts = key.split(".")
    assert all(
        part in message for part in (parts[:2] if key.startswith(("light.weather", "patrols.0.track")) else parts)
    )
    assert all(word in message for word in named)
    assert "\n" not in message


CROSSED = [
    ({"baseline": "nothing"}, ["baseline", "nothing", "without, same, with_outpost"]),
    ({"infiltrators.groups": []}, ["infiltrators.groups", "at least one"]),
    ({"outpost.sensors": ["eye", "crystal"]}, ["outpost.sensors", "crystal", "eye, radar, thermal"]),
    ({"patrols.0.sensor": "crystal"}, ["patrols.0.sensor", "crystal", "eye, radar, thermal"]),
    ({"outpost.name": "old_post"}, ["outpost", "old_post", "posts.0"]),
    ({"patrols.0.name": "reserve"}, ["reserve", "patrols.0", "a name of its own"]),
    ({"infiltrators.groups.0.depart_latest_min": 5}, ["depart_latest_min", "5", "depart_earliest_min (10)"]),
    ({"infiltrators.groups.0.pace_high": 0.1}, ["pace_high", "0.1", "pace_low (0.7)"]),
    ({"inland.total_hours_high": 1.0}, ["total_hours_high", "1.0", "total_hours_low (48.0)"]),
    ({"inland.alerted_stop_probability": 0.0}, ["alerted_stop_probability", "stop_probability (0.03)"]),
    ({"light.sunset": "05:00"}, ["sunset", "sunrise"]),
    ({"sectors": [{"name": "a", "west_km": 5, "east_km": 5}]}, ["east_km", "5", "west_km"]),
    ({"arms.with_outpost.add_posts": [BASE["posts"][0]]}, ["arms.with_outpost", "old_post", "posts.0"]),
]


@pytest.mark.parametrize(("changes", "named"), CROSSED, ids=[next(iter(changes)) for changes, _ in CROSSED])
def test_cross_checks_name_what_does_not_fit(changes: dict[str, Any], named: list[str]) -> None:
    with pytest.raises(ScenarioError) as refused:
        small_case(**changes)
    assert all(word in str(refused.value) for word in named)


def test_a_missing_key_is_named() -> None:
    data = small_data()
    del data["outpost"]["x_km"]
    with pytest.raises(ScenarioError, match=r"outpost\.x_km: is required and missing"):
        validate(data)


def test_values_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        small_case().outpost.range_km = 3  # type: ignore[misc]


# -- replacing ----------------------------------------------------------------------------------------------------


def test_replace_changes_one_value_and_leaves_the_original() -> None:
    case = small_case()
    longer = case.replace(**{"outpost.range_km": 12, "patrols.0.speed_kmh": 5.5})
    assert (longer.outpost.range_km, longer.patrols[0].speed_kmh) == (12.0, 5.5)
    assert case.outpost.range_km == 3.0
    changed = {key for key, value in flatten(longer.model_dump()) if value != dict(flatten(case.model_dump())).get(key)}
    assert changed == {"outpost.range_km", "patrols.0.speed_kmh"}


def test_replace_leaves_the_values_that_it_is_given() -> None:
    """A list, and then a key inside that list: the caller's own list stays as it was."""
    patrols = [{"name": "riders", "track": [[1.0, 8.0], [4.0, 8.0]]}]
    case = small_case(**{"patrols": patrols, "patrols.0.duty_share": 0.0})
    assert case.patrols[0].duty_share == 0.0
    assert patrols == [{"name": "riders", "track": [[1.0, 8.0], [4.0, 8.0]]}]


def test_playing_an_arm_leaves_its_definition() -> None:
    changes = {"patrols": [{"name": "riders", "track": [[1.0, 8.0], [4.0, 8.0]]}], "patrols.0.duty_share": 0.25}
    case = small_case(**{"arms.riders": {"changes": changes}})
    before = case.digest()
    assert case.for_arm("riders").patrols[0].duty_share == 0.25
    assert case.digest() == before


@pytest.mark.parametrize(
    ("key", "named"),
    [
        ("outpst.range_km", ["outpst.range_km", "no such key", "outpost"]),
        ("patrols.7.speed_kmh", ["patrols.7.speed_kmh", "0 to 0"]),
        ("patrols.first.speed_kmh", ["'first'", "0 to 0"]),
        ("outpost.range_km.metres", ["outpost.range_km", "single value"]),
        ("outpost.rnge_km", ["outpost.rnge_km", "no such key"]),
    ],
)
def test_replace_refuses_unknown_keys(key: str, named: list[str]) -> None:
    with pytest.raises(ScenarioError) as refused:
        small_case().replace(**{key: 1})
    assert all(word in str(refused.value) for word in named)


LEAVES = st.one_of(st.integers(), st.text(max_size=3), st.none())
KEYS = st.text("abc", min_size=1, max_size=2)
NESTED = st.dictionaries(
    KEYS, st.recursive(LEAVES, lambda part: st.lists(part, max_size=3) | st.dictionaries(KEYS, part))
)


@settings(max_examples=30)
@given(NESTED)
def test_every_leaf_can_be_set_by_the_key_that_flatten_gives(data: dict[str, Any]) -> None:
    for key, value in list(flatten(data)):
        if key:
            assign(data, key, ["set", value])
            here: Any = data
            for part in key.split("."):
                here = here[int(part)] if isinstance(here, list) else here[part]
            assert here == ["set", value]
            assign(data, key, value)


# -- arms ---------------------------------------------------------------------------------------------------------


def test_the_outpost_stands_only_where_an_arm_says_so() -> None:
    case = small_case()
    assert [post.name for post in case.for_arm("without").all_posts] == ["old_post"]
    assert [post.name for post in case.for_arm("with_outpost").all_posts] == ["old_post", "new_post"]


def test_an_arm_may_change_and_add_much() -> None:
    arm = {
        "cost_usd": 5000.0,
        "changes": {"command.report_delay_min": 7, "infiltrators.groups.0.lies_up": False},
        "add_posts": [{"name": "mast", "x_km": 3.0, "y_km": 7.0}],
        "add_patrols": [{"name": "riders", "track": [[1.0, 8.0], [4.0, 8.0]]}],
    }
    here = small_case(**{"arms.rich": arm}).for_arm("rich")
    assert here.command.report_delay_min == 7
    assert not here.infiltrators.groups[0].lies_up
    assert [post.name for post in here.all_posts] == ["old_post", "mast"]
    assert [patrol.name for patrol in here.patrols] == ["bank", "riders"]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"posts.0.range_km": 1.0, "patrols": []},
        {"terrain.cell_m": 500.0, "outpost": {"present": True}, "inland": {"defenders": 3}},
        {"sensors": {"eye": {"range_km": 2.0}}, "arms": {"same": {"cost_usd": 3.0}}},
    ],
)
def test_an_arm_is_what_a_scenario_with_its_changes_would_be(changes: dict[str, Any]) -> None:
    added = {"name": "mast", "x_km": 3.0, "y_km": 7.0}
    case = small_case(**{"arms.some": {"changes": changes, "add_posts": [added]}})
    # The whole as plain data, and every part of it validated again.
    data = case.model_dump(mode="json")
    for key, value in changes.items():
        assign(data, key, value)
    data["posts"].append(added)
    data["arms"] = {"without": {}}
    assert case.for_arm("some") == validate(data)
    assert case.for_arm("some").digest() == validate(data).digest()


def test_nested_and_dotted_changes_mean_the_same() -> None:
    nested = {"changes": {"command": {"report_delay_min": 3}, "outpost": {"present": True}}}
    dotted = {"changes": {"command.report_delay_min": 3, "outpost.present": True}}
    here, there = (small_case(**{"arms.some": arm}).for_arm("some") for arm in (nested, dotted))
    assert here == there


def test_an_unchanged_arm_is_the_baseline() -> None:
    assert small_case().for_arm("same") == small_case().for_arm("without")


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"outpst.present": True}, ["arms.bad", "outpst"]),
        ({"outpost": {"presnt": True}}, ["arms.bad", "outpost.presnt", "no such key"]),
        ({"outpost.range_km": -4}, ["arms.bad", "outpost.range_km", "-4"]),
        ({"outpost.sensors": ["crystal"]}, ["arms.bad", "crystal"]),
    ],
)
def test_a_bad_change_names_its_arm(changes: dict[str, Any], named: list[str]) -> None:
    with pytest.raises(ScenarioError) as refused:
        small_case(**{"arms.bad": {"changes": changes}}).for_arm("bad")
    assert all(word in str(refused.value) for word in named)


GROUPS = small_case().model_dump(mode="json")["infiltrators"]["groups"]
HELD: dict[str, dict[str, Any]] = {
    "horizon_min": {"horizon_min": 1500},
    "terrain.terrain_seed": {"terrain": {"terrain_seed": 5}},
    "light.sunset": {"light": {"sunset": "18:00"}},
    "infiltrators.groups": {"infiltrators": {"groups": GROUPS}},
    "infiltrators.streams": {"infiltrators.streams": []},
    "infiltrators.groups.0.size": {"infiltrators": {"groups": {"0": {"size": 9}}}},
    "infiltrators.groups.0.depart_latest_min": {"infiltrators.groups.0.depart_latest_min": 100},
    "infiltrators.groups.0.target_x_km": {"infiltrators.groups": {"0.target_x_km": 5.0}},
    "infiltrators.kinds.smugglers.size": {"infiltrators.kinds": {"smugglers": {"size": 2}}},
}


@pytest.mark.parametrize("key", HELD)
def test_no_arm_changes_what_the_comparison_holds_fixed(key: str) -> None:
    case = small_case(**{"arms.bad": {"changes": {"outpost.range_km": 2.0, **HELD[key]}}})
    with pytest.raises(ScenarioError) as refused:
        case.for_arm("bad")
    assert str(refused.value).startswith(f"arms.bad: {key}: an arm may not change it")
    assert "allowed" in str(refused.value)


@pytest.mark.parametrize("name", ["shahrituz_2019", "mechanisms", "conformance"])
def test_no_arm_of_the_shipped_cases_does(name: str) -> None:
    case = load_scenario(name)
    assert all(case.for_arm(arm) for arm in case.arms)


def test_an_unknown_arm_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ScenarioError, match="'nowhere' is not an arm; allowed: without, same, with_outpost"):
        small_case().for_arm("nowhere")


# -- digest and readiness -----------------------------------------------------------------------------------------


def reordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: reordered(value[key]) for key in reversed(value)}
    return [reordered(item) for item in value] if isinstance(value, list) else value


def test_the_digest_heeds_values_and_not_their_order() -> None:
    case = small_case()
    assert validate(reordered(small_data())).digest() == case.digest()
    assert Scenario.model_validate(case.model_dump(mode="json")).digest() == case.digest()
    assert case.replace(**{"outpost.range_km": 3.5}).digest() != case.digest()
    assert case.replace(**{"outpost.range_km": 3.0}).digest() == case.digest()


@pytest.mark.parametrize(("days", "readiness"), [(0, 0.4), (15, 0.7), (30, 1.0), (2000, 1.0)])
def test_readiness_by_hand(days: float, readiness: float) -> None:
    changes = {"outpost.days_open": days, "outpost.readiness_at_opening": 0.4, "outpost.readiness_days": 30}
    assert small_case(**changes).outpost.readiness == pytest.approx(readiness)


def test_all_arms_of_the_default_case_can_be_played() -> None:
    case = default_case()
    assert {case.baseline, "with_outpost"} < set(case.arms)
    assert len(case.arms) >= 3
    for arm in case.arms:
        case.for_arm(arm)


# -- small rules by hand --------------------------------------------------------------------------------------------


def test_a_sector_holds_its_western_end_and_not_its_eastern() -> None:
    sectors = [{"name": "a", "west_km": 2.0, "east_km": 5.0}, {"name": "b", "west_km": 5.0, "east_km": 8.0}]
    case = small_case(sectors=sectors)
    places = {1.999: "", 2.0: "a", 4.999: "a", 5.0: "b", 7.999: "b", 8.0: ""}
    assert {x_km: case.sector_of(x_km) for x_km in places} == places


def test_groups_know_standing_posts_better_than_the_new_one() -> None:
    case = small_case(**{"infiltrators.awareness_standing": 0.9, "infiltrators.awareness_new": 0.3})
    assert [case.for_arm("with_outpost").awareness(post) for post in (0, 1)] == [0.9, 0.3]
    assert case.for_arm("without").awareness(0) == 0.9


def test_the_main_track_takes_what_the_others_leave() -> None:
    others = [{"track": [[2.0, 7.0], [4.0, 7.0]], "probability": share} for share in (0.5, 0.2)]
    patrol = small_case(**{"patrols.0.alternatives": others}).patrols[0]
    assert patrol.track_shares == pytest.approx((0.3, 0.5, 0.2))
    assert patrol.tracks == (((2.0, 5.6), (10.0, 5.6)), ((2.0, 7.0), (4.0, 7.0)), ((2.0, 7.0), (4.0, 7.0)))


STREAM = {"name": "flow", "start_x_km": 6.0, "start_y_km": 2.0, "target_x_km": 6.0, "target_y_km": 11.5}


def test_a_stream_of_two_thousand_groups_a_run_is_the_largest() -> None:
    """Over half a day 4,000 a day are 2,000."""
    half_a_day = {**STREAM, "from_min": 720, "until_min": 1440}
    case = small_case(**{"infiltrators.streams": [{**half_a_day, "per_day": 4000.0}]})
    arrived = case.infiltrators.streams[0].arrival(3, 800, 7)
    assert (arrived.name, arrived.size) == ("flow_3", 7)
    assert (arrived.depart_earliest_min, arrived.depart_latest_min) == (800, 800)
    for change, named in (
        ({"per_day": 4001.0}, ["per_day is 4001, 2000.5 groups a run", "allowed: 2000"]),
        ({"per_day": 1.0, "until_min": 720}, ["until_min is 720", "more than from_min (720)"]),
    ):
        with pytest.raises(ScenarioError) as refused:
            small_case(**{"infiltrators.streams": [{**half_a_day, **change}]})
        assert all(word in str(refused.value) for word in named)


def test_minute_0_is_the_clock_time_of_the_start() -> None:
    light = small_case(**{"light.start": "2019-11-03T17:05"}).light
    assert light.start_clock_min == 17 * 60 + 5
    assert (light.sunrise, light.sunset) == (6 * 60 + 55, 17 * 60 + 29)


def test_a_post_sees_with_any_sensor_that_has_a_range() -> None:
    def sees(**changes: Any) -> bool:
        case = small_case(**{f"outpost.{key}": value for key, value in changes.items()})
        return case.sees_anything(case.outpost)

    assert sees(sensors=["thermal"], range_km=0.1)
    assert sees(sensors=["thermal", "eye"], range_km=0.0)
    assert not sees(sensors=["thermal"], range_km=0.0)
    assert not sees(sensors=[])
