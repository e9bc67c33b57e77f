"""The log and the words of a run: they tell what the model's own record says, and change nothing."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_case import default_world, small_case, small_world

from sim.model import BorderModel
from sim.outcomes import OUTCOMES
from sim.study.replay.sentences import OUTCOME_WORDS, clock_of, group_line, local_clock, unit_title
from sim.study.replay.story import StoryModel
from sim.world import World

REPLICATIONS = 12


@pytest.fixture(scope="module")
def world() -> World:
    return small_world()


def played(world: World, replication: int) -> StoryModel:
    model = StoryModel(world=world, rng=3, replication=replication)
    model.run()
    return model


@pytest.mark.parametrize("replication", range(REPLICATIONS))
def test_telling_a_run_does_not_change_it(world: World, replication: int) -> None:
    plain = BorderModel(world=world, rng=3, replication=replication)
    plain.run()
    # repr, since NaN is not equal to itself
    assert repr(played(world, replication).rows()) == repr(plain.rows())


@pytest.mark.parametrize("replication", range(REPLICATIONS))
def test_the_log_agrees_with_the_outcome_row(world: World, replication: int) -> None:
    model = played(world, replication)
    (row,) = model.rows()
    for kind, column in (("departed", "departed_min"), ("crossed", "crossed_min"), ("detected", "detected_min")):
        told = [event.minute for event in model.events if event.kind == kind]
        assert (told[0] if told else -1) == row[column]
    assert [e.minute for e in model.events if e.kind == "intercepted"][-1:] == [row["intercepted_min"]] * row[
        "intercepted"
    ]
    assert sum(event.kind == "sent" for event in model.events) == row["dispatches"]


def test_the_default_case_tells_of_the_road_inland() -> None:
    world = default_world("with_outpost")
    told = {event.kind for number in range(8) for event in played(world, number).events}
    assert {"departed", "crossed", "landed", "lying_up", "marching", "inland", "light", "ended"} <= told


@pytest.mark.parametrize("replication", range(REPLICATIONS))
def test_minutes_never_go_back_and_every_story_ends_once(world: World, replication: int) -> None:
    model = played(world, replication)
    minutes = [event.minute for event in model.events]
    assert minutes == sorted(minutes)
    assert sum(event.kind == "ended" for event in model.events) == 1


def test_no_delay_still_tells_of_the_detection_and_of_the_cue() -> None:
    world = small_world(**{"command.report_delay_min": 0, "outpost.range_km": 6})
    stories = [played(world, number) for number in range(REPLICATIONS)]
    seen = [story for story in stories if story.rows()[0]["detected"]]
    assert seen
    for story in seen:
        kinds = [event.kind for event in story.events]
        assert kinds.count("cued") >= kinds.count("detected") > 0


def test_who_is_sent_is_said_to_leave_and_to_meet_when_it_does(world: World) -> None:
    """Minutes of the unit's own errand, on the calendar of a run that starts at 3 Nov 17:00."""

    def clock(minute: float) -> str:
        then = datetime(2019, 11, 3, 17) + timedelta(minutes=int(minute))
        return f"{then.day} Nov {then:%H:%M}"

    checked = 0
    for number in range(REPLICATIONS):
        model = StoryModel(world=world, rng=3, replication=number)
        while model.running:
            model.step()
            sent = [e.text for e in model.events if e.kind == "sent" and e.minute == model.minute and "leave" in e.text]
            out = {unit.name: unit.chase for unit in model.units if unit.chase is not None}
            for text in sent:
                [chase] = (chase for name, chase in out.items() if name.replace("_", " ") in text.lower())
                assert text.endswith(
                    f"leave at {clock(chase.leave_min)}, at the meeting place at {clock(chase.arrive_min)}"
                )
            checked += len(sent)
    assert checked > 5


def test_a_run_that_is_cut_short_says_so() -> None:
    model = StoryModel(small_case(horizon_min=5), "with_outpost", 1)
    model.run()
    assert model.events[-1].kind == "ended"
    assert "still at large" in model.events[-1].text


def test_several_groups_are_told_apart() -> None:
    case = small_case()
    first = case.infiltrators.groups[0].model_dump(mode="json")
    two = case.replace(**{"infiltrators.groups": [first, first | {"name": "other_band"}]})
    model = StoryModel(two, "with_outpost", 1)
    model.run()
    text = " ".join(event.text for event in model.events)
    assert "roup band" in text
    assert "roup other band" in text


def test_words_for_every_outcome_and_every_minute(world: World) -> None:
    assert set(OUTCOME_WORDS) == set(OUTCOMES)
    model = StoryModel(world=world, rng=3)
    lines = set()
    while model.running:
        lines.add(re.sub(r"[\d.]+", "#", group_line(model, model.groups[0])))
        model.step()
    assert any(line.startswith("waiting at the start") for line in lines)
    assert "on the water" in lines


def test_units_have_titles(world: World) -> None:
    model = StoryModel(world=world, rng=1)
    assert unit_title(model, "new_post") == "New post post"
    assert unit_title(model, "bank") == "patrol bank"
    assert unit_title(model, "checkpoint_2") == "checkpoint 2"


@settings(max_examples=50)
@given(st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1)), st.integers(0, 200_000))
def test_the_clock_is_the_calendar(start: datetime, minute: int) -> None:
    start = start.replace(second=0, microsecond=0)
    shown = local_clock(start.strftime("%Y-%m-%dT%H:%M"), minute)
    then = start + timedelta(minutes=minute)
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    assert shown.split()[:2] == [str(then.day), months[then.month - 1]]
    assert shown.split()[2] == f"{then.hour:02}:{then.minute:02}"


def test_the_time_at_which_a_report_is_through_is_that_at_which_it_is() -> None:
    """With an Erlang law the delay is drawn anew for each report: the key alone does not say when it is over."""
    world = small_world(**{"command.report_delay_law": "erlang", "command.report_delay_min": 30})
    met = 0
    for replication in range(REPLICATIONS):
        model = played(world, replication)
        reached = {clock_of(model, minute) for minute in range(model.minute + 1)}
        cued = {clock_of(model, event.minute) for event in model.events if event.kind == "cued"}
        said = {event.text.partition("through at ")[2] for event in model.events if event.kind == "detected"}
        assert said & reached <= cued
        met += len(said & reached)
    assert met > 0
