"""Tables and sentences of the sections on crossing points and on the years; every number is in the summary."""

from __future__ import annotations

from typing import Any

from sim.report.page import Table
from sim.report.words import cost_words, doer, interval, main_arm, money, number, percent, plain, points
from sim.scenario import Scenario
from sim.study.compare.coverage import FEW

Summary = dict[str, Any]


def coverage_table(summary: Summary) -> Table:
    """Crossing points along the river, a column an arm: share of the groups there that was detected, of how many.

    Those that nobody took in any arm are left out.
    """
    found = summary["coverage"]
    places: dict[tuple[float, str], None] = {}
    for of_arm in found.values():
        places |= {(round(one["along_km"], 3), name): None for name, one in of_arm.items() if one["groups"]}
    rows = tuple(
        (name, number(km), *(_covered(of_arm.get(name), km) for of_arm in found.values()))
        for km, name in sorted(places)
    )
    return Table(("crossing point", "km downstream", *map(plain, found)), rows)


def _covered(one: Summary | None, km: float) -> str:
    """A cell; empty where the arm has no such crossing point there."""
    if one is None or round(one["along_km"], 3) != km:
        return ""
    if not one["groups"]:
        return "nobody"
    return f"{percent(one['share'], 0)} of {number(one['groups'], 0)}{' (few)' if one['few'] else ''}"


def coverage_in_words(summary: Summary) -> str:
    """The crossing point at which groups are least detected in the baseline, of those that enough take."""
    found = summary["coverage"][summary["baseline"]]
    enough = {name: one for name, one in found.items() if not one["few"]}
    if len(enough) < 2:
        return f"Fewer than two crossing points were taken by {FEW} groups or more."
    least = min(enough, key=lambda name: enough[name]["share"])
    everybody = sum(one["groups"] for one in found.values())
    return (
        f"In “{plain(summary['baseline'])}” groups are least detected at {least}: {percent(enough[least]['share'])} of "
        f"{number(enough[least]['groups'], 0)}, who are {percent(enough[least]['groups'] / everybody)} of all groups. "
        f"Shares of fewer than {FEW} groups say little."
    )


def life_cycle_table(summary: Summary) -> Table:
    """Each arm's price and its parts, its effect at first, later and over the years, and what that costs."""
    heads = (
        *("arm", "buildings", "equipment", "men", "upkeep a year", "price over the baseline"),
        *("at first, points", "95 % interval", "ready and known, points", "95 % interval"),
        *("over the years, points", "95 % interval", "cost of one more stopped", "for a million USD"),
        *("groups a year to break even", "on the first night’s effect"),
    )
    rows = ((plain(arm), *_life(one, summary["appraisal"][arm])) for arm, one in summary["life_cycle"].items())
    return Table(heads, tuple(rows))


def _life(one: Summary, first: Summary) -> tuple[str, ...]:
    parts = one["parts"]
    paid: tuple[str, ...] = ("as a whole", "", "", "")
    if parts is not None:
        usd = (parts[name] for name in ("building_usd", "equipment_usd"))
        paid = (*map(money, usd), number(parts["men"], 0), money(parts["upkeep_usd_year"]))
    effects = (one[name] for name in ("young", "mature", "over_years"))
    shown = (
        cell for found in effects for cell in (points(found["difference"]), interval(found["ci95"], 100, sign=True))
    )
    groups = (_groups(found) for found in (one, first))
    return (*paid, money(one["cost_usd"]), *shown, cost_words(one), number(one["extra_per_million_usd"]), *groups)


def _groups(found: Summary) -> str:
    groups = found["break_even_groups_per_year"]
    return "none" if groups is None else number(groups)


def life_cycle_in_words(summary: Summary, scenario: Scenario) -> list[str]:
    """What the main arm costs and changes over the years, in a sentence; none without a rival arm or a price."""
    arm = main_arm(summary)
    if arm is None or summary["life_cycle"][arm]["cost_usd"] <= 0:
        return []
    found, terms = summary["life_cycle"][arm], scenario.appraisal
    young, mature, mean = (found[name] for name in ("young", "mature", "over_years"))
    if mean["difference"] is None:
        return []
    return [
        f"Over {number(terms.years, 0)} years at a discount rate of {percent(terms.discount_rate)} (assumed) "
        f"{doer(arm)} costs {money(found['cost_usd'])}. It changes the share of groups stopped by "
        f"{points(young['difference'])} points on the night of the case, by {points(mature['difference'])} points "
        f"once it is ready and known, taken from day {number(found['young_days'], 0)} on, and by "
        f"{points(mean['difference'])} points over the years "
        f"(95 % interval {interval(mean['ci95'], 100, sign=True)}): one more group stopped costs {cost_words(found)}."
    ]
