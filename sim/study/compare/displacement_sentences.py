"""Displacement and worth in plain words; every number in them stands in the summary."""

from __future__ import annotations

from typing import Any

from sim.report.words import (
    cost_words,
    doer,
    holds_zero,
    interval,
    is_interval,
    main_arm,
    money,
    number,
    percent,
    plain,
    points,
    sector_title,
    signed,
)
from sim.scenario import Scenario

Summary = dict[str, Any]
KNOWLEDGE = {
    "unaware": "an adversary that knows nothing of the posts",
    "informed": "an adversary that knows some of the posts",
    "quantal": "an adversary that weighs the danger at each crossing point and errs",
    "best_response": "an adversary that knows everything",
    "learning": "an adversary that has learnt from earlier seasons",
}


def moved_in_words(summary: Summary, scenario: Scenario) -> list[str]:
    """How far the adversary's answer changes the main arm's effect, and where groups went."""
    arm = main_arm(summary)
    if arm is None:
        return []
    found, who = summary["displacement"][arm], KNOWLEDGE[scenario.infiltrators.behaviour]
    if not found["replayed"]:
        return [
            f"Facing {who}, {doer(arm)} moves nobody to another way, so that the effect with and without an answer of "
            "the adversary are the same."
        ]
    net, naive, answer = (found[kind] for kind in ("net", "naive", "adaptation"))
    clear = (
        "The runs do not show whether that answer changes the effect"
        if holds_zero(answer["ci95"])
        else "The interval does not include zero: the answer changes the effect"
    )
    return [
        f"Facing {who}, {doer(arm)} changes the share of groups stopped by {_effect(net)}. Had every group kept "
        f"the way that it takes under “{plain(summary['baseline'])}”, it would have been {_effect(naive)}. The "
        f"adversary’s answer makes {_effect(answer)}. {clear}.",
        _where(found, scenario),
    ]


def _where(found: Summary, scenario: Scenario) -> str:
    moved = (
        f"{percent(found['moved'])} of the groups cross elsewhere; the earth mover’s distance between the two "
        f"distributions is {number(found['earth_mover_km'], 2)} km along the border"
    )
    if is_interval(found["earth_mover_ci95"]):
        moved += f" (95 % interval {interval(found['earth_mover_ci95'], 1, 2)})"
    if found["gained_most"] is None:
        return f"{moved}."
    one = found["load"][found["gained_most"]]
    return (
        f"{moved}. The stretch “{sector_title(scenario, found['gained_most'])}” gains most: from "
        f"{percent(one['baseline'])} to {percent(one['arm'])} of the groups, {_effect(one)}."
    )


def _effect(one: Summary) -> str:
    return f"{points(one['difference'])} points (95 % interval {interval(one['ci95'], 100, sign=True)})"


def worth_in_words(summary: Summary, scenario: Scenario) -> list[str]:
    """What one more interdiction costs in the main arm, when that pays, and what equal money does elsewhere."""
    arm = main_arm(summary)
    if arm is None or summary["appraisal"][arm]["cost_usd"] <= 0:
        return []
    found, terms = summary["appraisal"][arm], scenario.appraisal
    words = (
        f"With {number(terms.groups_per_year, 0)} groups a year over {number(terms.years, 0)} years (assumed), "
        f"{_price(found, doer(arm))}. "
    )
    if found["break_even_groups_per_year"] is not None:
        words += (
            f"Held to be worth {money(terms.value_usd)} (assumed), it pays from "
            f"{number(found['break_even_groups_per_year'], 0)} groups a year on. "
        )
    rivals = [f"“{plain(name)}” {_effect(_other_way(one))}" for name, one in found["against"].items()]
    if rivals:
        words += f"Against {doer(arm)}, at the same cost: {'; '.join(rivals)} in groups stopped."
    return [words.strip(), *_most_for_a_dollar(summary)]


def _price(found: Summary, who: str) -> str:
    """What one more group stopped costs, as a clause."""
    if found["cost_per_interdiction_usd"] is not None:
        return f"one more group stopped by {who} costs {cost_words(found)}"
    least = found["cost_per_interdiction_ci95"][0]
    bound = "" if least is None else f"; by the interval, one more costs no less than {money(least)}"
    return f"{who} stops no more groups in these runs, so that one more has no price{bound}"


def _most_for_a_dollar(summary: Summary) -> list[str]:
    """Which arm stops most groups for its money; nothing is said where none stops more, or there is no choice."""
    priced = {name: one for name, one in summary["appraisal"].items() if one["rank_per_dollar"] is not None}
    best = [name for name, one in priced.items() if one["rank_per_dollar"] == 1]
    if len(priced) < 2 or len(best) != 1 or (priced[best[0]]["extra_per_million_usd"] or 0.0) <= 0:
        return []
    one = priced[best[0]]
    ends = interval(one["extra_per_million_ci95"], sign=True)
    return [
        f"For a dollar {doer(best[0])} stops most in these runs: {signed(one['extra_per_million_usd'])} groups for "
        f"USD 1,000,000 (95 % interval {ends}). That it comes first may be chance: see the differences above, and that "
        "their intervals do not allow for having picked the best."
    ]


def _other_way(one: Summary) -> Summary:
    """The same difference seen from the rival."""
    low, high = one["ci95"]
    return {"difference": -one["difference"], "ci95": [-high, -low]}
