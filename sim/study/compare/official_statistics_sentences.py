"""Official figures beside the truth, in words and as tables; every number in them stands in the summary."""

from __future__ import annotations

from typing import Any

from sim.report.page import Table
from sim.report.words import (
    doer,
    holds_zero,
    interval,
    main_arm,
    number,
    percent,
    plain,
    points,
    several_groups,
    under,
)
from sim.scenario import Scenario

Summary = dict[str, Any]


def honesty_in_words(summary: Summary, scenario: Scenario) -> list[str]:
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
        f"is too high, by {_points(found['bias'], found['bias_ci95'])}."
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
        f"{_points(observed['difference'], observed['ci95'])}; the true difference is "
        f"{_points(true['difference'], true['ci95'])}."
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
        f"again, is {percent(found['estimate'])}. That is off by {_points(found['bias'], found['bias_ci95'])}. "
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


def _points(difference: float | None, ends: list[float | None]) -> str:
    return f"{points(difference)} points (95 % interval {interval(ends, 100, sign=True)})"


def honesty_table(summary: Summary) -> Table:
    """Observed effectiveness beside the truth, arm by arm."""
    rows = tuple(
        (
            plain(arm),
            number(found["stopped"], 0),
            number(found["known_got_aways"], 0),
            number(found["unknown"], 0),
            percent(found["true"]),
            interval(found["true_ci95"], 100),
            percent(found["observed"]),
            interval(found["observed_ci95"], 100),
            points(found["bias"]),
            interval(found["bias_ci95"], 100, sign=True),
        )
        for arm, found in summary["honesty"].items()
    )
    ends = "95 % interval"
    head = (
        "arm",
        "stopped",
        "known got-aways",
        "unknown",
        "truly stopped",
        ends,
        "observed",
        ends,
        "bias, points",
        ends,
    )
    return Table(head, rows)


def either_table(summary: Summary) -> Table:
    """Every arm's effect by either measure."""
    rows = []
    for arm, found in _rivals(summary).items():
        observed, true = (found["effect"][measure] for measure in ("observed", "true"))
        cells = [
            cell
            for one in (true, observed)
            for cell in (points(one["difference"]), interval(one["ci95"], 100, sign=True))
        ]
        rows.append((plain(arm), *cells, "opposite" if found["effect"]["opposed"] else "not opposite"))
    head = ("arm", "in truth, points", "95 % interval", "as observed, points", "95 % interval", "directions")
    return Table(head, tuple(rows))


def repeat_trial_table(summary: Summary) -> Table:
    """The repeat-trial estimate beside the share that is apprehended."""
    rows = []
    for arm, found in ((arm, one["repeat_trial"]) for arm, one in summary["honesty"].items()):
        rows.append(
            (
                plain(arm),
                number(found["retried"], 0),
                number(found["again"], 0),
                percent(found["reapprehended"]),
                percent(found["estimate"]),
                interval(found["estimate_ci95"], 100),
                percent(found["apprehended"]),
                interval(found["apprehended_ci95"], 100),
                points(found["bias"]),
                interval(found["bias_ci95"], 100, sign=True),
            )
        )
    ends = "95 % interval"
    head = ("arm", "apprehended, came again", "apprehended again", "r, those who gave up counted", "estimate", ends)
    return Table((*head, "truly apprehended", ends, "bias, points", ends), tuple(rows))
