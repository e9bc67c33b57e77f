"""A show: to and fro in time, what it says of a choice, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_case import small_case

from sim.report.figure_moment import STAGE_STYLES, place_of, stage_of
from sim.scenario import Scenario, ScenarioError
from sim.study.replay.story import Event, StoryModel
from sim.watch.show import Choice, Frame, Show, first_choice, image_markup, log_markup, words_markup
from sim.world import Tables

PNG = b"\x89PNG"


@pytest.fixture(scope="module")
def case() -> Scenario:
    return small_case()


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables()


@pytest.fixture
def choice(case: Scenario) -> Choice:
    return first_choice(case)


@pytest.fixture
def show(case: Scenario, choice: Choice, tables: Tables) -> Show:
    return Show(case, choice, tables)


def test_the_first_choice_is_the_case_as_it_stands(case: Scenario, choice: Choice) -> None:
    assert (choice.arm, choice.outpost_range_km) == ("with_outpost", case.outpost.range_km)
    assert choice.report_delay_min == case.command.report_delay_min


def test_going_back_and_forth_shows_the_same_minute(show: Show) -> None:
    there = show.seek(400)
    assert show.seek(100).minute == 100
    assert show.seek(400) == there
    assert show.seek(0).log == ()


def test_advancing_by_tens_is_going_there_at_once(show: Show, case: Scenario, choice: Choice, tables: Tables) -> None:
    for _ in range(30):
        frame = show.advance(10)
    assert frame == Show(case, choice, tables).seek(300)


def test_next_event_stops_at_each_minute_of_the_log(show: Show) -> None:
    minutes = []
    while not (frame := show.next_event()).over:
        assert frame.log[0][1].minute == frame.minute
        minutes.append(frame.minute)
    told = {event.minute for _, event in frame.log}
    assert set(minutes) <= told
    assert told - set(minutes) <= {frame.minute}


def test_the_end_is_the_end(show: Show) -> None:
    end = show.seek(show.horizon_min)
    assert end.over
    assert show.advance(60) == end
    assert end.log[0][1].kind == "ended" or any(event.kind == "ended" for _, event in end.log)


def test_pictures_are_png_files_of_one_size(show: Show) -> None:
    frame = show.seek(200)
    assert frame.sheet_png[:4] == show.base_png[:4] == PNG
    # Width and height stand in the file's header.
    assert frame.sheet_png[16:24] == show.base_png[16:24]


def test_what_is_new_stands_out(show: Show, case: Scenario, choice: Choice, tables: Tables) -> None:
    assert show.new == {"new_post"}
    assert Show(case, replace(choice, arm="without"), tables).new == frozenset()


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"outpost_y_km": 5.0}, "outpost"),
        ({"outpost_x_km": 99.0}, "outpost.x_km"),
        ({"outpost_range_km": -1.0}, "outpost.range_km"),
        ({"outpost_range_km": float("nan")}, "outpost.range_km"),
        ({"report_delay_min": -5}, "command.report_delay_min"),
        ({"seed": -1}, "seed"),
        ({"replication": -1}, "replication"),
        ({"arm": "elsewhere"}, "arm"),
    ],
)
def test_a_bad_choice_is_refused_by_name(
    case: Scenario, choice: Choice, tables: Tables, change: dict[str, object], names: str
) -> None:
    with pytest.raises(ScenarioError, match=names.replace(".", r"\.")):
        Show(case, replace(choice, **change), tables)  # type: ignore[arg-type]


def test_remarks_say_what_the_arm_overrules(choice: Choice, tables: Tables) -> None:
    changes = {"outpost": {"present": True}, "command": {"report_delay_min": 7}}
    case = small_case(**{"arms.radios": {"changes": changes}})
    assert Show(case, choice, tables).remarks() == []
    assert Show(case, replace(choice, arm="radios"), tables).remarks() == [
        "This arm sets the report delay itself: 7 min."
    ]
    assert "does not stand" in Show(case, replace(choice, arm="without"), tables).remarks()[0]


def test_every_stage_has_a_mark_and_no_two_the_same(show: Show) -> None:
    assert len(set(STAGE_STYLES.values())) == len(STAGE_STYLES)
    model = StoryModel(world=show.world, rng=1)
    seen = []
    while model.running:
        seen.append(stage_of(model.groups[0]))
        model.step()
    assert set(seen) <= set(STAGE_STYLES)
    assert seen[0] == "waiting at the start"


def test_men_under_way_are_drawn_between_home_and_the_meeting_place(show: Show) -> None:
    on_the_way = 0
    for number in range(10):
        model = StoryModel(world=show.world, rng=1, replication=number)
        while model.running:
            model.step()
            for unit in model.units:
                if unit.chase is not None and unit.chase.phase.value == "travel":
                    home = model.left_from[unit.name]
                    route, step = unit.chase.report.group.route, unit.chase.meeting_step
                    x, y = place_of(unit, unit.chase, home)
                    assert min(home[0], route.x_km[step]) <= x <= max(home[0], route.x_km[step])
                    assert min(home[1], route.y_km[step]) <= y <= max(home[1], route.y_km[step])
                    on_the_way += 1
    assert on_the_way > 0


def test_names_of_a_users_own_stay_text() -> None:
    event = Event(1, "detected", "<script>alert(1)</script>")
    frame = Frame(1, "<i>", (("<b>", "x & y"),), (("<u>", "z"),), (("3 Nov", event),), PNG, over=False)
    page = words_markup(frame, ["<em>"]) + log_markup(frame) + image_markup(PNG, '"<img>')
    for bad in ("<script>", "<i></b>", "<b><b>", "<u>", "<em>", '""<img>'):
        assert bad not in page
    assert "&lt;script&gt;" in page
