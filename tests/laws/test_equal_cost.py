"""Law: all arms are priced over the same years by the same rule, and judged by the effect over those years."""

from __future__ import annotations

import pytest
from law_cases import default_case, drawn_case

import sim
from sim.scenario import ScenarioError
from sim.study.compare.life_cycle import DAYS_A_YEAR, mature_changes
from sim.world import build_world

ARM = "arms.with_outpost"


def by_hand(case: sim.Scenario, arm: str) -> float:
    """The price year by year: what is bought at once, then each year's men and upkeep at its end."""
    cost, terms = case.arms[arm].cost, case.appraisal
    each = cost.men * terms.man_usd_year + cost.upkeep_usd_year
    years = range(1, int(terms.years) + 1)
    return cost.building_usd + cost.equipment_usd + sum(each / (1 + terms.discount_rate) ** year for year in years)


def test_every_arm_of_the_default_case_is_priced_by_one_rule() -> None:
    case = default_case()
    assert len(case.arms) > 3
    for arm in case.arms:
        assert case.arms[arm].cost_usd is None, arm
        assert case.cost_of(arm) == pytest.approx(by_hand(case, arm)), arm


def test_longer_years_and_lower_rates_cost_more_where_something_is_paid_each_year() -> None:
    case = default_case()
    for key, values in (("years", (5.0, 10.0, 15.0)), ("discount_rate", (0.1, 0.03, 0.0))):
        prices = [case.replace(**{f"appraisal.{key}": value}).cost_of("with_outpost") for value in values]
        assert prices == sorted(prices)
        assert prices[0] < prices[-1]


def test_two_arms_of_the_same_parts_cost_the_same_whatever_they_do() -> None:
    parts = {"building_usd": 1e5, "equipment_usd": 2e4, "men": 7, "upkeep_usd_year": 3e3}
    case = default_case(**{f"arms.{arm}.cost": parts for arm in ("with_outpost", "masts")})
    assert case.cost_of("with_outpost") == case.cost_of("masts") > 0


def test_a_price_stated_as_a_whole_stands_in_place_of_the_parts() -> None:
    assert default_case(**{f"{ARM}.cost_usd": 5e5}).cost_of("with_outpost") == 5e5
    with pytest.raises(ScenarioError, match="men"):
        default_case(**{f"{ARM}.cost.men": -1})


def test_time_changes_only_what_is_new_or_not_ready() -> None:
    worlds = {arm: build_world(drawn_case(0), arm) for arm in ("without", "with_outpost")}
    assert mature_changes(worlds["without"]) == {}
    new = worlds["with_outpost"]
    later = mature_changes(new)
    assert later["infiltrators.awareness_new"] == new.scenario.infiltrators.awareness_standing
    assert later["outpost.days_open"] == new.scenario.outpost.readiness_days
    assert mature_changes(new.with_changes(**later)) == {}


def test_the_effect_over_the_years_is_the_mean_weighted_by_time() -> None:
    """A quarter of the time new, three quarters known: played, on the same pairs, with one group a replication."""
    case = drawn_case(0).replace(
        **{
            "infiltrators.behaviour": "informed",
            "infiltrators.awareness_standing": 1.0,
            "infiltrators.awareness_new": 0.0,
            "infiltrators.aversion": 600.0,
            "outpost.range_km": 4.0,
            "appraisal.years": 4.0,
            "appraisal.known_after_days": DAYS_A_YEAR,
        }
    )
    found = sim.compare(case, replications=300, workers=1, quiet=True).summary()
    assert len(found["life_cycle"]) == 2
    one = found["life_cycle"]["with_outpost"]
    young, mature = one["young"]["difference"], one["mature"]["difference"]
    assert young == found["effects"]["with_outpost"]["interdiction"]["difference"]
    assert young != mature
    assert one["over_years"]["difference"] == pytest.approx(0.25 * young + 0.75 * mature)
    low, high = one["over_years"]["ci95"]
    assert low < one["over_years"]["difference"] < high
