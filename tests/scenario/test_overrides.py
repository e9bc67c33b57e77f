"""Plain words are read as Hydra reads them, or left to it."""

from __future__ import annotations

from string import ascii_letters, digits

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.scenario.overrides import plain_word

KEYS = st.one_of(
    st.sampled_from(["seed", "outpost.range_km", "posts.0.staffing", "a.01", "a..b", "a."]),
    st.text(ascii_letters + digits + "_.+~@/-", min_size=1, max_size=12),
)
LIKELY = (
    *("0", "-0", "00", "7", "007", "1_000", "-3", "+3", "1.", ".5", "2.50", "-0.0", "1e5", "1.5e-3", "12abc"),
    *("true", "True", "OFF", "no", "null", "None", "nan", "-inf", "INF", "infinity"),
    *("x", "/", "//a", "a/b-c.d", "_", "-a"),
)
VALUES = st.one_of(
    st.integers(-(10**20), 10**20).map(str),
    st.floats().map(repr),
    st.lists(st.sampled_from(LIKELY), max_size=3).map("".join),
    st.text(ascii_letters + digits + "_./-+ '\"[]{},:$=é\n", max_size=12),
)


def by_hydra(word: str) -> tuple[str, object]:
    (override,) = OverridesParser.create().parse_overrides([word])
    assert not override.is_sweep_override()
    assert not override.is_add()
    assert not override.is_delete()
    return override.key_or_group, override.value()


@settings(max_examples=3000, deadline=None, derandomize=True)
@given(key=KEYS, value=VALUES)
@example(key="output", value="/tmp/a-b_c.d/e")
def test_what_is_plain_is_what_hydra_makes_of_it(key: str, value: str) -> None:
    plain = plain_word(f"{key}={value}")
    if plain is not None:
        told = by_hydra(f"{key}={value}")
        assert plain == told
        assert type(plain[1]) is type(told[1])


@pytest.mark.parametrize(
    ("word", "read"),
    [
        ("replications=100", ("replications", 100)),
        ("experiment=verification/duel", ("experiment", "verification/duel")),
        ("outpost.x_km=-1.25", ("outpost.x_km", -1.25)),
        ("posts.0.staffing=0.4", ("posts.0.staffing", 0.4)),
    ],
)
def test_what_people_type_most_is_plain(word: str, read: tuple[str, object]) -> None:
    assert plain_word(word) == read


@pytest.mark.parametrize(
    "word",
    [
        "a=1234567890123456789",
        "a=" + "9" * 5000,
        "a=[1,2]",
        "a=1,2",
        "a='x'",
        "+a=1",
        "~a",
        "a=true",
        "a=null",
        "a=1e3",
        "a=1_0",
        "a=",
        "a@b=1",
    ],
)
def test_the_rest_is_left_to_hydra(word: str) -> None:
    assert plain_word(word) is None
