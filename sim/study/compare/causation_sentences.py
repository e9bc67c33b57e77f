"""The probabilities of causation in words."""

from __future__ import annotations

from typing import Any

from sim.report.words import UNDEFINED, interval, main_arm, percent, under

MEANINGS = {
    "pn": ("Necessary (PN)", "of the groups stopped {with_arm} would have gone through {without}"),
    "ps": ("Sufficient (PS)", "of the groups that went through {without} are stopped {with_arm}"),
    "pns": ("Necessary and sufficient (PNS)", "of all groups are stopped {with_arm} and go through {without}"),
}


def causation_in_words(summary: dict[str, Any]) -> list[str]:
    """One sentence each for PN, PS and PNS of the main arm, with interval and bounds; empty without a rival arm."""
    arm = main_arm(summary)
    if arm is None:
        return []
    told = summary["causation"][arm]
    place = {"with_arm": under(arm), "without": under(summary["baseline"])}
    return [_sentence(told, name, place) for name in MEANINGS]


def _sentence(told: dict[str, Any], name: str, place: dict[str, str]) -> str:
    word, meaning = MEANINGS[name]
    if told[name] is None:
        return f"{word}: {UNDEFINED}, as no group is in the cells that it is a share of."
    return (
        f"{word}: {percent(told[name])} {meaning.format(**place)} "
        f"(95 % interval {interval(told[f'{name}_ci95'], 100)} %). From the two totals alone, without pairing, "
        f"one could only say that it lies between {interval(told[f'{name}_bounds'], 100).replace(' to ', ' and ')} %."
    )
