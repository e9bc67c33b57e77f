"""The control strip: tracks are found by passing, late, with the chance said, and followed at the pace said.

Stochastic tests refuse a right model once in 1,000 seeds, and their seeds are fixed.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from scipy import stats
from small_case import TWO_WAYS, small_model, small_rows, small_world

from sim.model import BorderModel, Patrol
from sim.model.patrol import Sign
from sim.model.pursuit import Phase
from sim.rules.movement import ON_FOOT
from sim.rules.sensing import NIGHT

BLIND: dict[str, Any] = {
    "posts": [],
    "patrols.0.range_km": 0.0,
    "patrols.0.duty_share": 1.0,
    "control_strip.present": True,
    "control_strip.find_probability": 1.0,
    "control_strip.night_factor": 1.0,
    "command.engage_ratio": 0.0,
}
"""One patrol of five that sees nothing but tracks, always on duty; its chances are those said, by night too."""
SLOW: dict[str, Any] = {
    "infiltrators.groups.0.pace_low": 0.2,
    "infiltrators.groups.0.pace_high": 0.2,
    "infiltrators.groups.0.lies_up": False,
    "horizon_min": 3000,
}


def runs(number: int, **changes: Any) -> list[BorderModel]:
    world = small_world("without", **{**BLIND, **changes})
    return [BorderModel(rng=1, replication=replication, world=world) for replication in range(number)]


# -- finding -------------------------------------------------------------------------------------------------------


class Passages:
    """A patrol that walks past one sign, minute by minute; passages are counted from its places alone."""

    def __init__(self, model: BorderModel, along_km: float, minutes: int) -> None:
        self.found: list[tuple[int, int]] = []
        patrol, group, passages, beside = model.patrols[0], model.groups[0], 0, False
        model.find_tracks = lambda *told: self.found.append((passages, model.minute))  # type: ignore[method-assign]
        patrol.strip.signs.append(Sign(group, 0, patrol.track_number, along_km, 70, 0))
        for minute in range(1, minutes + 1):
            model.minute = minute
            near = abs(patrol.where(minute) - along_km) <= 0.3
            passages += near and not beside
            beside = near
            patrol.strip.look_for_tracks()


@pytest.mark.parametrize("chance", [0.25, 0.6])
def test_each_passage_finds_with_the_probability_said(chance: float) -> None:
    """The first passage that finds is a geometric number: chi-square over 500 walks."""
    shuttle = {"patrols.0.track": [[2.0, 5.6], [4.0, 5.6]], "patrols.0.speed_kmh": 8.0}
    firsts = []
    for model in runs(500, **shuttle, **{"control_strip.find_probability": chance}):
        walk = Passages(model, 0.9, 700)
        firsts.append(walk.found[0][0])
        model.release()
    counts = np.bincount(np.minimum(firsts, 6), minlength=7)[1:]
    expected = stats.geom.pmf(np.arange(1, 6), chance)
    assert stats.chisquare(counts, 500 * np.append(expected, 1 - expected.sum())).pvalue > 1e-3


def test_a_passage_is_one_draw_however_long_it_lasts() -> None:
    """A patrol that hardly moves is beside the tracks for hours, and has one chance."""
    standing = {"patrols.0.track": [[2.0, 5.6], [2.2, 5.6]], "patrols.0.speed_kmh": 0.1}
    found = 0
    for model in runs(300, **standing, **{"control_strip.find_probability": 0.5}):
        walk = Passages(model, 0.1, 500)
        assert len(walk.found) <= 1
        found += len(walk.found)
    low, high = stats.binom.ppf([0.0005, 0.9995], 300, 0.5)
    assert low <= found <= high


@pytest.mark.parametrize(
    ("keys", "chance"),
    [
        ({"patrols.0.responders": 10}, 1 - 0.7**2),
        ({"patrols.0.responders": 1}, 1 - 0.7**0.2),
        ({"control_strip.night_factor": 0.5}, 1 - 0.7**0.5),
        ({"infiltrators.groups.0.size": 32}, 1 - 0.7**2),  # four times the standard size, to the power of a half
    ],
    ids=lambda value: str(value)[:40],
)
def test_finding_grows_with_men_light_and_size(keys: dict[str, Any], chance: float) -> None:
    """Five men find the tracks of eight with 0.3 by day; passages by night, one a run: a binomial count."""
    standing = {
        "patrols.0.track": [[2.0, 5.6], [2.2, 5.6]],
        "patrols.0.speed_kmh": 0.1,
        "light.start": "2019-11-03T23:00",
    }
    found = 0
    for model in runs(400, **standing, **{"control_strip.find_probability": 0.3, **keys}):
        model.light = NIGHT
        found += len(Passages(model, 0.1, 1).found)
        model.release()
    low, high = stats.binom.ppf([0.0005, 0.9995], 400, chance)
    assert low <= found <= high


def test_tracks_do_not_outlast_their_hours() -> None:
    shuttle = {"patrols.0.track": [[2.0, 5.6], [4.0, 5.6]], "patrols.0.speed_kmh": 8.0}
    last = []
    for model in runs(60, **shuttle, **{"control_strip.find_probability": 1.0, "control_strip.lasting_hours": 3.0}):
        walk = Passages(model, 0.9, 700)
        last.append(max(minute for _, minute in walk.found))
        model.release()
    assert max(last) <= 180
    assert max(last) > 160


@pytest.mark.parametrize(
    "keys",
    [
        {"patrols.0.duty_share": 0.0},
        {"control_strip.find_probability": 0.0},
        {"patrols.0.track": [[0.6, 9.0], [0.6, 10.0]]},
        {"patrols.0.track": [[2.0, 6.0], [10.0, 6.0]]},
        {"patrols.0.responders": 0},
        {"control_strip.lines": [[[2.0, 6.0], [10.0, 6.0]]]},
        {"control_strip.present": False},
    ],
    ids=lambda keys: next(reversed(keys)),
)
def test_nobody_finds(keys: dict[str, Any]) -> None:
    assert not small_rows(("without",), 40, **{**BLIND, **keys})["detected"].any()


def test_tracks_are_found_hours_after_the_crossing_and_count_as_tracks() -> None:
    rows = small_rows(("without",), 150, **BLIND)
    found = rows[rows["detected"]]
    assert len(found) > 75
    assert set(found["detected_how"]) == {"tracks"}
    assert set(found["detected_by"]) == {"bank"}
    late = found["detected_min"] - found["crossed_min"]
    assert late.min() >= 15  # not before the raft has landed
    assert (late > 120).any()


def test_who_is_seen_is_no_finding_of_tracks() -> None:
    rows = small_rows(("without",), 80, **{**BLIND, "patrols.0.range_km": 2.0, "sensors.eye.rate_per_hour": 60.0})
    assert {"sight", "tracks"} <= set(rows["detected_how"])
    assert (rows["detected"] == (rows["detected_how"] != "")).all()


def test_without_a_strip_nothing_is_found_in_it() -> None:
    rows = small_rows(("without",), 80, **{**BLIND, "patrols.0.range_km": 2.0, "control_strip.present": False})
    assert set(rows["detected_how"]) == {"sight", ""}


class Telling(BorderModel):
    """Keeps what was reported of tracks."""

    def find_tracks(self, patrol: Patrol, sign: Sign) -> None:
        known = patrol.detection.has_detected(sign.group)
        super().find_tracks(patrol, sign)
        self.told = getattr(self, "told", [])
        if not known:
            self.told.append((sign, self.command.waiting[-1][1]))


def test_the_report_tells_where_and_when_the_group_crossed_the_strip() -> None:
    world, seen = small_world("without", **BLIND), 0
    for replication in range(40):
        model, been = Telling(rng=1, replication=replication, world=world), {}
        while model.running:
            model.step()
            been.setdefault(model.groups[0].step_index, model.minute)
        for sign, report in getattr(model, "told", []):
            assert (report.step, report.minute) == (sign.step, sign.minute)
            # When the group first stood at or beyond that step, by its places minute by minute.
            assert report.minute == min(minute for step, minute in been.items() if step >= report.step)
            track = model.patrols[0].track
            x, y = report.group.route.x_km[report.step], report.group.route.y_km[report.step]
            assert min(np.hypot(track.x_km - x, track.y_km - y)) <= 0.3 + 0.13
            seen += 1
    assert seen > 20


# -- following -----------------------------------------------------------------------------------------------------


def follow(model: BorderModel) -> list[tuple[int, float, int]]:
    """Minute, step of the men and step of the group, in each minute in which the patrol follows tracks."""
    told = []
    while model.running:
        model.step()
        chase = model.patrols[0].chase
        if chase is not None and chase.phase is Phase.TRAIL:
            told.append((model.minute, chase.step, model.groups[0].step_index))
        elif told:
            break
    return told


@pytest.mark.parametrize(("pace", "night_pace"), [(0.5, 1.0), (1.7, 1.0), (1.7, 0.4)])
def test_tracks_are_followed_at_the_pace_said_until_they_end_at_the_group(pace: float, night_pace: float) -> None:
    keep = {
        "control_strip.trail_pace": pace,
        "command.night_pace": night_pace,
        "control_strip.trail_loss_per_hour": 0.0,
        "command.pursuit_limit_min": 9999,
    }
    caught = 0
    for model in runs(25, **SLOW, **keep):
        told = follow(model)
        if len(told) < 3:
            continue
        (start, first, _), *_ = told
        for minute, step, group_step in told:
            gone = model.gone(ON_FOOT, minute) - model.gone(ON_FOOT, start)
            assert step == pytest.approx(min(first + pace * gone, group_step))
        caught += model.groups[0].record["intercepted"]
    assert caught > 10


def test_trails_are_lost_at_the_rate_said() -> None:
    """Minutes until the loss are geometric with P(more than k) = exp(-rate k / 60): chi-square."""
    slow = {"control_strip.trail_pace": 0.001, "control_strip.trail_loss_per_hour": 6.0}
    minutes = []
    for model in runs(400, **SLOW, **slow):
        told = follow(model)
        if told:
            # The first minute in the list is that of the finding, or of the first hazard; the loss ends the list.
            minutes.append(told[-1][0] - told[0][0] + 1)
            assert model.patrols[0].chase is None
        model.release()
    edges = np.array([0, 3, 7, 12, 20, 35, 10**6])
    counts, _ = np.histogram(minutes, bins=edges + 0.5)
    shares = -np.diff(np.exp(-6.0 * np.minimum(edges, 10**4) / 60))
    assert len(minutes) > 250
    assert stats.chisquare(counts, len(minutes) * shares).pvalue > 1e-3


def test_men_on_the_tracks_are_on_the_groups_own_way_whatever_is_believed() -> None:
    """Where command always guesses wrong, and one way is much longer than the other."""
    ways = {"infiltrators.ways": TWO_WAYS, "command.route_guess_probability": 0.0, "infiltrators.detour_max_min": 1000}
    seen: Counter[bool] = Counter()
    for replication in range(30):
        model = small_model("without", 1, replication, **{**BLIND, **SLOW, **ways, "command.engage_ratio": 20.0})
        while model.running:
            model.step()
            chase = model.patrols[0].chase
            if chase is not None and chase.phase is Phase.TRAIL:
                assert chase.route == model.groups[0].route_number
                seen[chase.report.route == chase.route] += 1
        model.release()
    assert seen[False] > 0
