"""Reports, checks and false alarms: delays drawn anew, later departures, fewer errands.

Stochastic tests refuse a right model once in 1,000 seeds, and their seeds are fixed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats
from small_case import small_model, small_rows, small_world

from sim.model import BorderModel
from sim.model.pursuit import Report

LAW = "command.report_delay_law"


def delays(number: int, model: BorderModel, observer: int = 0, group: int = 0) -> list[int]:
    """What command makes of so many reports of one observer about one group."""
    model.command.waiting.clear()
    unit, about = model.posts[observer], model.groups[group]
    for _ in range(number):
        model.command.hear(Report(unit, about, 0, 0, 0), checked=False)
    return [minute - model.minute for minute, _ in model.command.waiting]


@pytest.mark.parametrize(("law", "stages"), [("exponential", 1), ("erlang", 4)])
def test_each_report_has_a_delay_of_its_own_and_the_mean_is_kept(law: str, stages: int) -> None:
    """3,000 reports: the mean within four standard errors (1 in 16,000); rounded gammas by Kolmogorov-Smirnov."""
    model = small_model(**{LAW: law, "command.report_delay_stages": stages, "command.report_delay_min": 1000})
    found = np.array(delays(3000, model))
    assert abs(found.mean() - 1000.0) < 4 * 1000.0 / np.sqrt(stages * len(found))
    assert stats.kstest(found, "gamma", args=(stages, 0.0, 1000.0 / stages)).pvalue > 1e-3
    assert len(set(found)) > 1000


def test_a_fixed_delay_is_fixed() -> None:
    assert set(delays(50, small_model(**{"command.report_delay_min": 37}))) == {37}


def test_delays_are_those_of_observer_group_and_number() -> None:
    """The same in another arm; others for another observer; the k-th does not hang on how many were heard before."""
    keys = {LAW: "exponential", "command.report_delay_min": 500}
    first = delays(20, small_model("with_outpost", **keys))
    assert first == delays(20, small_model("without", **keys))
    assert first != delays(20, small_model("with_outpost", **keys), observer=1)
    model = small_model("with_outpost", **keys)
    assert delays(5, model) + delays(15, model) == first


def test_a_check_adds_its_minutes_to_reports_but_not_to_those_of_men_who_see_the_group() -> None:
    model = small_model(**{"command.false_alarm_check": True, "command.check_min": 25, "command.report_delay_min": 20})
    assert delays(1, model) == [45]
    model.command.waiting.clear()
    model.report(model.posts[0], model.groups[0], 0, 0, checked=True)
    assert model.command.waiting[0][0] - model.minute == 20


def leaving(**changes: Any) -> dict[int, tuple[int, int]]:
    """When the outpost's own squad left after its own alarm, and when that came, by replication.

    A check goes on while the group is still on the far bank; the squad is sent when it puts to water, at the earliest.
    """
    seeing = {"posts": [], "patrols": [], "outpost.range_km": 4.0, "outpost.notice_min": 10}
    seeing |= {"outpost.false_alarms_per_day": 0.0, "sensors.thermal.rate_per_hour": 30.0}
    world, told = small_world(**seeing, **changes), {}
    for replication in range(30):
        model = BorderModel(rng=1, replication=replication, world=world)
        while model.running:
            model.step()
            chase = model.posts[0].chase
            if chase is not None:
                check_min, record = model.posts[0].check_min, model.groups[0].record
                sent_min = max(record["detected_min"] + check_min, record["crossed_min"])
                told[replication] = (chase.leave_min - sent_min, sent_min - record["detected_min"])
                break
    return told


def test_with_a_check_the_own_squad_leaves_later() -> None:
    plain = leaving()
    checked = leaving(**{"command.false_alarm_check": True, "command.check_min": 20})
    assert len(plain) > 10
    assert {notice for notice, _ in (*plain.values(), *checked.values())} == {10}
    assert min(held for _, held in plain.values()) == 0
    assert min(held for _, held in checked.values()) == 20


def errands(**changes: Any) -> int:
    """How many of 2,000 false alarms take the squad away."""
    post, away = small_model(**changes).posts[0], 0
    for number in range(2000):
        post.busy_until = 0
        post.answer_false_alarm(number)
        away += post.busy_until > 0
    return away


@pytest.mark.parametrize("catches", [0.0, 0.4, 1.0])
def test_a_check_recognises_false_alarms_as_often_as_said(catches: float) -> None:
    away = errands(**{"command.false_alarm_check": True, "command.check_catches": catches})
    low, high = stats.binom.ppf([0.0005, 0.9995], 2000, 1.0 - catches)
    assert low <= away <= high
    assert errands(**{"command.false_alarm_check": False, "command.check_catches": catches}) == 2000


def test_a_checked_false_alarm_takes_the_squad_away_later() -> None:
    loud = {"posts.0.false_alarms_per_day": 10.0, "command.check_min": 25}
    plain = small_model(**loud).posts[0].false_alarms
    checked = small_model(**loud, **{"command.false_alarm_check": True}).posts[0].false_alarms
    assert len(plain) > 3
    assert [late - soon for late, soon in zip(checked, plain, strict=True)] == [25] * len(plain)


def test_a_cue_comes_later_by_the_check() -> None:
    """Where nothing but command acts, each first cue is later by the minutes of the check."""
    keys = {"posts.0.responders": 0, "outpost.responders": 0, "patrols": [], "outpost.range_km": 4.0}
    plain = small_rows(("with_outpost",), 40, **keys)
    checked = small_rows(("with_outpost",), 40, **keys, **{"command.false_alarm_check": True, "command.check_min": 12})
    both = (plain["cued_min"] >= 0) & (checked["cued_min"] >= 0)
    assert both.sum() > 10
    assert (checked["cued_min"][both] - plain["cued_min"][both] == 12).all()
