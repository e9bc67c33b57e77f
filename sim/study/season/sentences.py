"""The answer of the seasons in plain words, with what it does not say."""

from __future__ import annotations

from typing import Any

from sim.report.words import doer, holds_zero, interval, main_arm, number, percent, plain, points, under
from sim.scenario import Scenario
from sim.study.compare.sentences import change_in_words

Summary = dict[str, Any]


def season_verdict(summary: Summary) -> str:
    """The answer in one sentence."""
    arm = main_arm(summary)
    if summary["seasons"] == 1:
        return "Only one season was run: nobody had learnt anything yet."
    change = summary["arms"][summary["baseline"]]["change"] if arm is None else summary["effects"][arm]["change"]
    grows = not holds_zero(change["ci95"]) and change["difference"] > 0
    if arm is None:
        if holds_zero(change["ci95"]):
            return "These seasons do not show whether an adversary that learns is stopped more or less often."
        way = "more" if grows else "less"
        return (
            f"In this simulation an adversary that learns is stopped {way} often in the last season than in the first."
        )
    if holds_zero(change["ci95"]):
        return f"These seasons do not show whether what {doer(arm)} changes grows or shrinks as the adversary learns."
    return (
        f"In this simulation what {doer(arm)} changes is {'larger' if grows else 'smaller'} once the adversary has "
        f"learnt: by {number(100 * abs(change['difference']))} percentage points "
        f"(95 % interval {interval(change['ci95'], 100, sign=True)})."
    )


def season_answer(summary: Summary, scenario: Scenario) -> list[str]:
    """What the seasons say, one paragraph an entry; every number in it stands in the summary."""
    arm = main_arm(summary)
    shown = [summary["baseline"], *([arm] if arm else [])]
    paragraphs = [_setting(summary, scenario), *(_shares(summary, name) for name in shown)]
    if arm:
        paragraphs += [_effect(summary, arm), *_other_arms(summary, arm)]
    if summary["seasons"] > 1:
        paragraphs += [_displacement(summary, name) for name in shown]
    if summary["redeploy_share"]:
        paragraphs += [_duty(summary, name) for name in shown]
    return [*paragraphs, _limits(summary)]


def _setting(summary: Summary, scenario: Scenario) -> str:
    before = "knew what infiltrators.danger says" if scenario.infiltrators.danger else "knew of no danger at all"
    seasons, trials = summary["seasons"], number(summary["trials"], 0)
    if seasons == 1:
        return f"One season of {trials} replications was run in every arm. In it the adversary {before}."
    return (
        f"{number(seasons, 0)} seasons of {trials} replications each were run in every arm. In the first the "
        f"adversary {before}; from then on it avoided crossing points where others had been stopped, and took up to "
        f"{number(scenario.infiltrators.aversion, 0)} minutes of detour to avoid certain capture."
    )


def _shares(summary: Summary, arm: str) -> str:
    seasons, change = summary["arms"][arm]["seasons"], summary["arms"][arm]["change"]
    first, last = seasons[0], seasons[-1]
    start = f"Groups stopped {under(arm)}: {percent(first['interdiction'])} in the first season"
    if len(seasons) == 1 or change["difference"] is None:
        return f"{start} (95 % interval {interval(first['interdiction_ci95'], 100)} %)."
    return (
        f"{start}, {percent(last['interdiction'])} in the last: "
        f"{change_in_words(change, 'learning', 'how often groups are stopped')}."
    )


def _effect(summary: Summary, arm: str) -> str:
    seasons, change = summary["effects"][arm]["seasons"], summary["effects"][arm]["change"]
    first, last = seasons[0], seasons[-1]
    start = (
        f"What {doer(arm)} changes, season by season with common random numbers: {_with_interval(first)} in the first"
    )
    if len(seasons) == 1 or change["difference"] is None:
        return f"{start} season."
    return f"{start} season, {_with_interval(last)} in the last. {_changed(change)}"


def _with_interval(effect: Summary) -> str:
    return f"{points(effect['difference'])} percentage points ({interval(effect['ci95'], 100, sign=True)})"


def _changed(change: Summary) -> str:
    unit = f"percentage points (95 % interval {interval(change['ci95'], 100, sign=True)})"
    start = "From first to last the effect"
    if holds_zero(change["ci95"]):
        return f"{start} changed by {points(change['difference'])} {unit}: it may have grown or shrunk."
    way = "grew" if change["difference"] > 0 else "shrank"
    return f"{start} {way} by {number(100 * abs(change['difference']))} {unit}."


def _other_arms(summary: Summary, arm: str) -> list[str]:
    others = {name: effects["seasons"] for name, effects in summary["effects"].items() if name != arm}
    found = [
        f"“{plain(name)}” {_with_interval(seasons[0])}, then {_with_interval(seasons[-1])}"
        for name, seasons in others.items()
    ]
    return [f"The others, first and last season: {'; '.join(found)}."] if found else []


def _displacement(summary: Summary, arm: str) -> str:
    change = summary["arms"][arm]["change"]
    if change["earth_mover_km"] is None:
        return f"Where groups went {under(arm)} cannot be said: a season had none."
    if change["gained"] is None:
        return f"No group moved along the border {under(arm)}: the last season's crossing points are the first's."
    ends = [
        f"{one['crossing']} ({number(one['along_km'], 0)} km from the upstream end; {percent(one['first'], 0)} of "
        f"groups, then {percent(one['last'], 0)})"
        for one in (change["gained"], change["lost"])
    ]
    return (
        f"Between the first and the last season groups moved along the border by {number(change['earth_mover_km'])} km "
        f"{under(arm)}, chance included: most to {ends[0]}, most from {ends[1]}."
    )


def _duty(summary: Summary, arm: str) -> str:
    before, after = summary["arms"][arm]["seasons"][0]["duty"], summary["arms"][arm]["duty_after"]
    change = {name: after[name] - before[name] for name in after}
    if not change or not any(change.values()):
        return f"No patrol duty was moved {under(arm)}."
    most, least = max(change, key=lambda name: change[name]), min(change, key=lambda name: change[name])
    return (
        f"After each season the state moved {percent(summary['redeploy_share'], 0)} of all patrol duty to where groups "
        f"were detected. {under(arm)[0].upper()}{under(arm)[1:]}, {plain(most)} gained most (on duty "
        f"{percent(before[most], 0)} of the time, then {percent(after[most], 0)}) and {plain(least)} lost most "
        f"({percent(before[least], 0)}, then {percent(after[least], 0)})."
    )


def _limits(summary: Summary) -> str:
    return (
        f"One history was run. The intervals say how much {number(summary['trials'], 0)} replications may be off, "
        f"given what was believed in that season; another seed gives another history. They do not hold the uncertainty "
        f"of the assumptions. This describes a model under stated assumptions. It is not a finding about what happened."
    )
