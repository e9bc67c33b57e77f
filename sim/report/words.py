"""Numbers and names for people: shares, differences, intervals, money, and what an arm is called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeGuard

from sim.scenario import Scenario

UNDEFINED = "undefined"
MINUS, NARROW = "\u2212", "\u00a0"
MAIN_ARM = "with_outpost"


def number(value: float | None, digits: int = 1) -> str:
    """A number with thousands separated; ``undefined`` for None.

    >>> number(1234.56), number(None), number(-0.04)
    ('1,234.6', 'undefined', '0.0')
    """
    if value is None:
        return UNDEFINED
    text = f"{value:,.{digits}f}"
    if text.startswith("-") and not text.strip("-0.,"):
        text = text[1:]
    return text.replace("-", MINUS)


def signed(value: float | None, digits: int = 1) -> str:
    """A number that always shows its sign, unless it rounds to zero.

    >>> signed(2.0), signed(0.01)
    ('+2.0', '0.0')
    """
    text = number(value, digits)
    rounds_to_zero = not text.strip("0.,")
    return text if value is None or rounds_to_zero or text.startswith(MINUS) else f"+{text}"


def percent(share: float | None, digits: int = 1) -> str:
    """A share as a percentage.

    >>> percent(0.4133).replace(NARROW, " ")
    '41.3 %'
    """
    return UNDEFINED if share is None else f"{number(100 * share, digits)}{NARROW}%"


def points(difference: float | None, digits: int = 1) -> str:
    """A difference of shares in percentage points, signed, without the unit."""
    return UNDEFINED if difference is None else signed(100 * difference, digits)


def interval(ends: Sequence[float | None] | None, scale: float = 1.0, digits: int = 1, sign: bool = False) -> str:
    """An interval as ``low to high``; ``undefined`` where either end is missing.

    >>> interval([0.021, 0.1], scale=100), interval(None)
    ('2.1 to 10.0', 'undefined')
    """
    if not is_interval(ends):
        return UNDEFINED
    show = signed if sign else number
    low, high = (show(scale * end, digits) for end in ends)
    return f"{low} to {high}"


def is_interval(ends: Sequence[float | None] | None) -> TypeGuard[Sequence[float]]:
    """Whether both ends are known."""
    return ends is not None and len(ends) == 2 and all(end is not None for end in ends)


def holds_zero(ends: Sequence[float | None] | None) -> bool:
    """Whether an interval leaves the sign of the difference open; an unknown interval does."""
    return not is_interval(ends) or ends[0] <= 0 <= ends[1]


def money(usd: float | None) -> str:
    """A sum in US dollars.

    >>> money(900000.0).replace(NARROW, " ")
    'USD 900,000'
    """
    return UNDEFINED if usd is None else f"USD{NARROW}{number(usd, 0)}"


def cost_words(found: dict[str, Any]) -> str:
    """What one more interdiction costs, with its interval, from an arm's appraisal.

    >>> found = {"cost_per_interdiction_usd": 5e4, "cost_per_interdiction_ci95": [2e4, None], "verdict": "open"}
    >>> cost_words(found).replace(NARROW, " ")
    'USD 50,000 [20,000 upwards]'
    """
    if found["verdict"] == "saves":
        return "no price: costs no more than the baseline"
    low, high = found["cost_per_interdiction_ci95"]
    if found["cost_per_interdiction_usd"] is None:
        least = "" if low is None else f": no less than {money(low)} by the interval"
        return f"stops no more groups{least}"
    if low is None:
        return f"{money(found['cost_per_interdiction_usd'])} [no interval]"
    upper = "upwards" if high is None else f"to {number(high, 0)}"
    return f"{money(found['cost_per_interdiction_usd'])} [{number(low, 0)} {upper}]"


def plain(name: str) -> str:
    """A name of the configuration as words.

    >>> plain("with_outpost")
    'with outpost'
    """
    return name.replace("_", " ")


def capital(words: str) -> str:
    """The same words with a capital at the start.

    >>> capital("patrol west bank")
    'Patrol west bank'
    """
    return words[:1].upper() + words[1:]


def under(arm: str) -> str:
    """An arm as the circumstance of a sentence.

    >>> under("without"), under("extra_patrols")
    ('without the outpost', 'under “extra patrols”')
    """
    known = {"without": "without the outpost", MAIN_ARM: "with the outpost"}
    return known.get(arm, f"under “{plain(arm)}”")


def doer(arm: str) -> str:
    """An arm as the subject of a sentence.

    >>> doer("with_outpost"), doer("masts")
    ('the outpost', '“masts”')
    """
    return "the outpost" if arm == MAIN_ARM else f"“{plain(arm)}”"


def main_arm(summary: dict[str, Any]) -> str | None:
    """The arm that the question is about: the outpost if there is one, else the first rival; None without any."""
    rivals = list(summary["effects"])
    return MAIN_ARM if MAIN_ARM in rivals else (rivals[0] if rivals else None)


def several_groups(scenario: Scenario) -> bool:
    """Whether a replication holds more than one group."""
    return len(scenario.infiltrators.groups) > 1 or bool(scenario.infiltrators.streams)


def sector_title(scenario: Scenario, name: str) -> str:
    """What a sector is called in reports."""
    return next((sector.title for sector in scenario.sectors if sector.name == name and sector.title), plain(name))
