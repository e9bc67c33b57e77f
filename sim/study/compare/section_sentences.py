"""Sentences of the report's sections on displacement, cost and official statistics; every number is in the summary."""

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
    several_groups,
    signed,
    under,
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


def displacement_in_words(summary: Summary, scenario: Scenario) -> list[str]:
    """How far the adversary's answer changes the main arm's effect, and where groups went."""
    arm = main_arm(summary)
    if arm is None:
        return []
    found, who = summary["displacement"][arm], KNOWLEDGE[scenario.infiltrators.behaviour]
    if not found["replayed"]:
        return [
            f"Facing {who}, {doer(arm)} changes nobody’s route, so that the effects with and without an answer of "
            "the adversary are the same."
        ]
    net, naive, answer = (found[kind] for kind in ("net", "naive", "adaptation"))
    clear = (
        "The runs do not show whether that answer changes the effect"
        if holds_zero(answer["ci95"])
        else "The interval does not include zero: the answer changes the effect"
    )
    return [
        f"Facing {who}, {doer(arm)} changes the share of groups stopped by {_points(net)}. Had every group kept "
        f"the route that it takes under “{plain(summary['baseline'])}”, it would have been {_points(naive)}. The "
        f"adversary’s answer makes {_points(answer)}. {clear}.",
        _where(found, scenario),
    ]


def _where(found: Summary, scenario: Scenario) -> str:
    displaced = (
        f"{percent(found['moved'])} of the groups cross elsewhere; the earth mover’s distance between the two "
        f"distributions is {number(found['earth_mover_km'], 2)} km along the border"
    )
    if is_interval(found["earth_mover_ci95"]):
        displaced += f" (95 % interval {interval(found['earth_mover_ci95'], 1, 2)})"
    if found["gained_most"] is None:
        return f"{displaced}."
    one = found["load"][found["gained_most"]]
    return (
        f"{displaced}. The stretch “{sector_title(scenario, found['gained_most'])}” gains most: from "
        f"{percent(one['baseline'])} to {percent(one['arm'])} of the groups, {_points(one)}."
    )


def cost_in_words(summary: Summary, scenario: Scenario) -> list[str]:
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
            f"At an assumed value of {money(terms.value_usd)} (assumed), it pays from "
            f"{number(found['break_even_groups_per_year'], 0)} groups a year on. "
        )
    rivals = [f"“{plain(name)}” {_points(_reversed(one))}" for name, one in found["against"].items()]
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


def _reversed(one: Summary) -> Summary:
    """The same difference with the rival first."""
    low, high = one["ci95"]
    return {"difference": -one["difference"], "ci95": [-high, -low]}


def official_statistics_in_words(summary: Summary, scenario: Scenario) -> list[str]:
    """What official figures would say of the main arm (of the baseline where it is alone), and why they differ."""
    arm = main_arm(summary) or summary["baseline"]
    found = summary["honesty"][arm]
    opposed = [_opposed(name, one["effect"]) for name, one in _rivals(summary).items() if one["effect"]["opposed"]]
    effects = [_effect(doer(arm), found["effect"])] if "effect" in found else []
    return [
        _observed(arm, found),
        *effects,
        *opposed,
        _repeat_trial(arm, found["repeat_trial"], alike=not several_groups(scenario)),
    ]


def _rivals(summary: Summary) -> Summary:
    return {name: one for name, one in summary["honesty"].items() if "effect" in one}


def _observed(arm: str, found: Summary) -> str:
    truth = f"In truth {percent(found['true'])} of all groups are stopped {under(arm)}"
    if found["observed"] is None:
        return f"{truth}. Nobody is stopped, detected or met, so that observed effectiveness is undefined."
    return (
        f"{truth}; an agency that counts the groups that it knows of observes {percent(found['observed'])}. "
        f"{_unseen(found)}"
    )


def _unseen(found: Summary) -> str:
    if found["unknown"] == 0:
        return "No group went unseen in these runs, so that the two are the same."
    return (
        f"It misses the {number(found['unknown'], 0)} of {number(_groups(found), 0)} groups that nobody saw, and so it "
        f"is too high, by {_bias(found)}."
    )


def _groups(found: Summary) -> int:
    return int(found["stopped"] + found["known_got_aways"] + found["unknown"])


def _effect(subject: str, effect: Summary) -> str:
    observed, true = effect["observed"], effect["true"]
    if observed["difference"] is None:
        return (
            f"By observed effectiveness, what {subject} changes is undefined: in one of the two arms nobody is known."
        )
    return (
        f"By observed effectiveness {subject} makes a difference of "
        f"{_points(observed)}; the true difference is "
        f"{_points(true)}."
    )


def _opposed(arm: str, effect: Summary) -> str:
    """Why the two measures differ in sign, and whether the runs show that they do."""
    observed, true, place = effect["observed"], effect["true"], under(arm)
    falls, rises = ("falls", "rises") if true["difference"] > 0 else ("rises", "falls")
    why = (
        "more of those who get away are known, and each of them counts against it"
        if true["difference"] > 0
        else "fewer of those who get away are known"
    )
    return (
        f"{place[0].upper()}{place[1:]} the two point in opposite directions: observed effectiveness {falls} "
        f"({points(observed['difference'])} points) while the true share of groups stopped {rises} "
        f"({points(true['difference'])} points): {why}. {_doubt(effect)}"
    )


def _doubt(effect: Summary) -> str:
    open_ones = [name for name, one in effect.items() if name != "opposed" and holds_zero(one["ci95"])]
    if not open_ones:
        return "Neither interval includes zero."
    names = " and of the ".join(open_ones)
    return f"Zero lies in the interval of the {names} difference: that the signs differ may be chance."


def _repeat_trial(arm: str, found: Summary, alike: bool) -> str:
    truth = f"In truth {percent(found['apprehended'])} of groups are apprehended {under(arm)}"
    if found["estimate"] is None:
        return f"{truth}; nobody who was apprehended came again, so that there is no repeat-trial estimate."
    return (
        f"{truth}; the repeat-trial estimate, from the {number(found['retried'], 0)} that were apprehended and came "
        f"again, is {percent(found['estimate'])}. That is off by {_bias(found)}. "
        f"{_reading(found, alike)}"
    )


def _reading(found: Summary, alike: bool) -> str:
    """Why the estimate differs from the truth; `alike`: all attempts are those of one and the same group."""
    if alike:
        return (
            "Here all attempts are those of one group, with the same chances each time, so that only chance parts the "
            "two; where groups differ the estimate is too high, as those who are caught are those easier to catch."
        )
    if holds_zero(found["bias_ci95"]):
        return (
            "The runs do not separate the two; where groups differ much the estimate is too high, as those who are "
            "caught are those easier to catch."
        )
    if found["bias"] > 0:
        return "It is too high because groups differ: those who are caught are those easier to catch."
    return "It is too low, by chance or because those who come again are not like the rest."


def _bias(found: Summary) -> str:
    return _points({"difference": found["bias"], "ci95": found["bias_ci95"]})


def _points(effect: Summary) -> str:
    return f"{points(effect['difference'])} points (95 % interval {interval(effect['ci95'], 100, sign=True)})"
