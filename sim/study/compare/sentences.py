"""The answer in plain words, with what it does not say."""

from __future__ import annotations

from typing import Any

from sim.report.words import (
    UNDEFINED,
    doer,
    holds_zero,
    interval,
    is_interval,
    main_arm,
    money,
    number,
    percent,
    plain,
    several_groups,
    under,
)
from sim.scenario import Scenario
from sim.study.compare.appraisal import same_cost
from sim.study.compare.section_sentences import cost_in_words, displacement_in_words

Summary = dict[str, Any]
MEANINGS = {
    "pn": ("Necessary (PN)", "of the groups stopped {with_arm} would have gone through {without}"),
    "ps": ("Sufficient (PS)", "of the groups that went through {without} are stopped {with_arm}"),
    "pns": ("Necessary and sufficient (PNS)", "of all groups are stopped {with_arm} and go through {without}"),
}
ENOUGH_SHARED = 500
"""Replications from which on clustered intervals covered the truth about as often as they say, with fewer at worst in
85 of 100 runs: see experiments/interval_coverage."""


def answer_in_words(summary: Summary, scenario: Scenario) -> list[str]:
    """What the runs say about the question, one paragraph an entry; every number in it stands in the summary.

    Parameters
    ----------
    summary:
        Of the study `compare`.
    scenario:
        The case that was run.
    """
    arm = main_arm(summary)
    if arm is None:
        return [_alone(summary, scenario), *_limits(summary, scenario)]
    found = [_interdiction(summary, scenario, arm), *_neutralised(summary, arm)]
    found += [_detection(summary, arm), _mechanism(summary, arm)]
    displacement, cost = displacement_in_words(summary, scenario), cost_in_words(summary, scenario)
    return [*found, *displacement, *_rivals(summary, arm), *cost, *_limits(summary, scenario)]


def verdict(summary: Summary, scenario: Scenario) -> str:
    """The answer in one sentence."""
    arm = main_arm(summary)
    if arm is None:
        return "Only one arm was run: there is nothing to compare it with."
    effect = summary["effects"][arm]["interdiction"]
    if holds_zero(effect["ci95"]):
        return f"These runs do not show whether {doer(arm)} makes it more or less likely that {_who(scenario)} stopped."
    more = "more" if effect["difference"] > 0 else "less"
    amount = number(100 * abs(effect["difference"]))
    return (
        f"In this simulation, {doer(arm)} makes it {more} likely that {_who(scenario)} stopped: "
        f"by {amount} percentage points (95 % interval {interval(effect['ci95'], 100, sign=True)})."
    )


def change_in_words(effect: Summary, subject: str, what: str) -> str:
    """A paired difference with its interval, and whether it shows a change.

    >>> change_in_words({"difference": 0.06, "ci95": [0.02, 0.1]}, "the outpost", "stopping the group")
    '6.0 percentage points more (95 % interval +2.0 to +10.0). The interval lies wholly above zero'
    """
    ends, size = effect["ci95"], f"{number(100 * abs(effect['difference']))} percentage points"
    direction = " more" if effect["difference"] > 0 else " fewer" if effect["difference"] < 0 else ", no difference"
    shown = f"{size}{direction} (95 % interval {interval(ends, 100, sign=True)})"
    if not is_interval(ends):
        return f"{size}{direction}. No interval can be given: the runs do not show whether {subject} changes {what}"
    if holds_zero(ends):
        return f"{shown}. The interval includes zero: the runs do not show whether {subject} changes {what}"
    return f"{shown}. The interval lies wholly {'above' if effect['difference'] > 0 else 'below'} zero"


def _who(scenario: Scenario) -> str:
    return "a group is" if several_groups(scenario) else "the group is"


def _interdiction(summary: Summary, scenario: Scenario, arm: str) -> str:
    base = summary["baseline"]
    before, after = (summary["arms"][name]["interdiction"] for name in (base, arm))
    effect, cells = summary["effects"][arm]["interdiction"], summary["ledger"][arm]
    change = change_in_words(effect, doer(arm), "how often that happens")
    unit = "groups" if several_groups(scenario) else "runs"
    return (
        f"In the simulation {_who(scenario)} stopped before its target in {percent(before)} of the {unit} "
        f"{under(base)} and in {percent(after)} {under(arm)}: {change}. "
        f"Of {number(effect['pairs'], 0)} pairs with the same random draws, {number(cells['only_with'], 0)} were "
        f"stopped only {under(arm)} and {number(cells['only_without'], 0)} only {under(base)}."
    )


def _neutralised(summary: Summary, arm: str) -> list[str]:
    """The same with groups that were beaten at their target, where there are any."""
    base, arms = summary["baseline"], summary["arms"]
    if all(arms[name]["neutralised"] == arms[name]["interdiction"] for name in (base, arm)):
        return []
    change = change_in_words(summary["effects"][arm]["neutralised"], doer(arm), "how often either happens")
    return [
        f"Stopped before its target, or beaten in its attack on it (repelled): {percent(arms[base]['neutralised'])} "
        f"{under(base)}, {percent(arms[arm]['neutralised'])} {under(arm)}, {change}."
    ]


def _detection(summary: Summary, arm: str) -> str:
    base = summary["baseline"]
    seen, met = (summary["effects"][arm][name] for name in ("detection", "interception"))
    shares = {name: summary["arms"][name] for name in (base, arm)}
    return (
        f"To detect is not yet to stop. Detection: {percent(shares[base]['detection'])} {under(base)}, "
        f"{percent(shares[arm]['detection'])} {under(arm)}, {change_in_words(seen, doer(arm), 'detection')}. "
        f"Being met by armed men, whatever the outcome: {percent(shares[base]['interception'])} and "
        f"{percent(shares[arm]['interception'])}, {change_in_words(met, doer(arm), 'that')}."
    )


def _mechanism(summary: Summary, arm: str) -> str:
    now, before = summary["mechanism"][arm], summary["mechanism"][summary["baseline"]]

    def both(mechanism: str) -> str:
        return f"{percent(now[mechanism])} ({percent(before[mechanism])} {under(summary['baseline'])})"

    return (
        f"How they are stopped {under(arm)}, as shares of all groups: by the very unit that saw them {both('own')}; "
        f"by others, on a cue {both('cued')}; by the interior without any cue {both('unprompted')}. "
        f"The first is interception of one's own, the second is cueing; only the second reaches far inland."
    )


def _rivals(summary: Summary, arm: str) -> list[str]:
    found = []
    for name, effects in summary["effects"].items():
        if name != arm:
            effect = effects["interdiction"]
            change = change_in_words(effect, doer(name), "how often groups are stopped")
            found.append(f"“{plain(name)}”{_price(summary, arm, name)}: {change}.")
    if not found:
        return []
    head = f"What else the money could buy, each compared with “{plain(summary['baseline'])}” (not with each other). "
    return [head + " ".join(found)]


def _price(summary: Summary, arm: str, rival: str) -> str:
    costs = [summary["arms"][name]["cost_usd"] for name in (arm, rival)]
    if None in costs:
        return ""
    equal = same_cost(*costs)
    return f" at equal cost ({money(costs[1])})" if equal else f" at {money(costs[1])} instead of {money(costs[0])}"


def _alone(summary: Summary, scenario: Scenario) -> str:
    facts = summary["arms"][summary["baseline"]]
    unit = "groups" if several_groups(scenario) else "runs"
    return (
        f"In the simulation {_who(scenario)} stopped before its target in {percent(facts['interdiction'])} of the "
        f"{unit} (95 % interval {interval(facts['interdiction_ci95'], 100)} %). Only the arm "
        f"“{plain(summary['baseline'])}” was run, so there is no effect to report."
    )


def _limits(summary: Summary, scenario: Scenario) -> list[str]:
    found = [
        f"The intervals are the simulation's sampling error only: they say how much the result of "
        f"{number(summary['replications'], 0)} replications may differ from that of endlessly many. They do not hold "
        f"the uncertainty of the assumptions, which may be much larger. This describes a model under stated "
        f"assumptions. It is not a finding about what happened.",
    ]
    if several_groups(scenario) and summary["replications"] < ENOUGH_SHARED:
        found.append(
            f"Groups share the draws of a replication here, and there are fewer than {ENOUGH_SHARED} replications: "
            "where changes are rare and come to many groups at once, so few may make the intervals too narrow."
        )
    if any(group.kind == "migrants" for group in scenario.infiltrators.parties):
        found.append("Among migrants nobody is killed: stopped means turned back, or admitted to procedure.")
    return found


def causation_in_words(summary: Summary) -> list[str]:
    """One sentence each for PN, PS and PNS of the main arm, with interval and bounds; empty without a rival arm."""
    arm = main_arm(summary)
    if arm is None:
        return []
    found = summary["causation"][arm]
    place = {"with_arm": under(arm), "without": under(summary["baseline"])}
    return [_cause(found, name, place) for name in MEANINGS]


def _cause(found: Summary, name: str, place: dict[str, str]) -> str:
    word, meaning = MEANINGS[name]
    if found[name] is None:
        return f"{word}: {UNDEFINED}, as no group is in the cells that it is a share of."
    return (
        f"{word}: {percent(found[name])} {meaning.format(**place)} "
        f"(95 % interval {interval(found[f'{name}_ci95'], 100)} %). From the two totals alone, without pairing, "
        f"one could only say that it lies between {interval(found[f'{name}_bounds'], 100).replace(' to ', ' and ')} %."
    )
