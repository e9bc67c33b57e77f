"""Keyed random numbers: the published generator, and that keys give independent numbers of the right laws."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.rules.randomness import (
    MASK,
    UNIT,
    Purpose,
    absorb,
    bits,
    entity,
    gumbel_of,
    minus_log,
    mix,
    numbered,
    pair,
    replication_key,
    threshold,
    uniform,
    word,
)

GOLDEN = 0x9E3779B97F4A7C15
WORDS = st.integers(0, MASK)
# Each statistical test below rejects a right program with probability 1e-3; all of them together below 1.2e-2.
# Seeds are fixed, so that they either always pass or always fail.
ALPHA = 1e-3


def numbers(count: int, purpose: Purpose = Purpose.PACE) -> np.ndarray:
    """Uniform numbers of one entity and purpose, over replications."""
    who = entity("someone")
    return np.array([uniform(replication_key(7, replication), who, purpose) for replication in range(count)])


def test_mix_gives_the_published_outputs_of_splitmix64() -> None:
    # The reference generator, started at 0, adds GOLDEN and mixes.
    published = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F, 0xF88BB8A8724C81EC]
    assert [mix((GOLDEN * step) & MASK) for step in (1, 2, 3, 4)] == published


def test_mix_gives_the_published_outputs_for_another_seed() -> None:
    # Seed 1234567, as printed in the tables of several independent implementations.
    published = [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    assert [mix((1234567 + GOLDEN * step) & MASK) for step in range(1, 6)] == published


@pytest.mark.parametrize(("start", "published"), [(0, 0xE220A8397B1DCDAF), (1234567, 6457827717110365317)])
def test_a_part_of_zero_is_one_step_of_the_published_generator(start: int, published: int) -> None:
    assert absorb(start, 0) == absorb(0, start) == published


def test_a_key_is_a_chain_of_published_steps() -> None:
    """From Knuth's multiplier (MMIX) on, each part is taken in by exclusive or before a step."""
    state = 6364136223846793005
    for part in (2019, 11, 0xAF63DC4C8601EC8C, 8, 3):
        state = mix(((state ^ part) + GOLDEN) % 2**64)
    assert bits(replication_key(2019, 11), entity("a"), 8, 3) == state


def test_words_and_units() -> None:
    assert (MASK, UNIT) == (2**64 - 1, 2**32)
    assert [word(x) for x in (0, 2**64 - 1, 2**64 + 5, -1)] == [0, 2**64 - 1, 5, 2**64 - 1]


def test_purposes_keep_their_numbers() -> None:
    """A purpose with another number would change every digest that was ever published."""
    published = (
        "DEPARTURE PACE TASTE AWARENESS WEATHER PATROL_PHASE DUTY_PHASE DETECTION FALSE_ALARM CONTACT DUEL CAPTURE "
        "INLAND_DURATION CHECKPOINT INTERIOR_SEARCH SHADOW POWER_CUT POWER_CUT_LENGTH REPORT_DELAY FALSE_ALARM_CHECK "
        "ROUTE_GUESS LOST_SEARCH WAYPOINT TRACK STRIP TRAIL NOTICE WILL ADMITTED ARRIVAL SIZE DETERRED ATTACK"
    )
    assert " ".join(purpose.name for purpose in sorted(Purpose)).startswith(published)
    assert sorted(Purpose)[:33] == [*range(1, 33), 41]


@given(WORDS)
def test_mix_is_a_bijection(word: int) -> None:
    """Undo each of its steps."""
    z = mix(word)
    z = z ^ (z >> 31) ^ (z >> 62)
    z = (z * pow(0x94D049BB133111EB, -1, 1 << 64)) & MASK
    z = z ^ (z >> 27) ^ (z >> 54)
    z = (z * pow(0xBF58476D1CE4E5B9, -1, 1 << 64)) & MASK
    assert z ^ (z >> 30) ^ (z >> 60) == word


@pytest.mark.parametrize(
    ("text", "published"), [("", 0xCBF29CE484222325), ("a", 0xAF63DC4C8601EC8C), ("foobar", 0x85944171F73967E8)]
)
def test_entity_is_fnv1a(text: str, published: int) -> None:
    assert entity(text) == published


@given(st.text(max_size=5), st.integers(0, 10**12))
def test_a_numbered_name_is_the_name_written_out(prefix: str, number: int) -> None:
    assert numbered(entity(prefix), number) == entity(f"{prefix}{number}")


@pytest.mark.parametrize("number", [0, 1, 9, 10, 11, 99, 100, 101, 1000])
def test_a_numbered_name_where_its_digits_become_more(number: int) -> None:
    assert numbered(entity("flow_"), number) == entity(f"flow_{number}")


@given(WORDS, WORDS)
def test_a_pair_is_two_published_steps(first: int, second: int) -> None:
    assert pair(first, second) == mix(((mix(first) ^ second) + GOLDEN) % 2**64)


@given(WORDS, WORDS, WORDS)
def test_different_partners_make_different_pairs(first: int, second: int, other: int) -> None:
    assert (pair(first, second) == pair(first, other)) == (second == other)


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**40), WORDS, st.integers(1, 15), st.integers(0, 2**40))
def test_every_part_of_the_key_counts(seed: int, replication: int, who: int, purpose: int, counter: int) -> None:
    def at(a: int, b: int, c: int, d: int, e: int) -> int:
        return bits(replication_key(a, b), c, d, e)

    here = (seed, replication, who, purpose, counter)
    shifted = [tuple(part + (place == moved) for place, part in enumerate(here)) for moved in range(5)]
    assert at(*here) not in [at(*other) for other in shifted]
    assert at(*here) == at(*here)


@pytest.mark.parametrize("number", [bits, uniform, threshold])
def test_every_number_hangs_on_its_whole_key(number: Callable[..., float]) -> None:
    told = {
        number(*key) for key in ((3, 5, 7, 1), (4, 5, 7, 1), (3, 6, 7, 1), (3, 5, 8, 1), (3, 5, 7, 2), (3, 5, 7, 0))
    }
    assert len(told) == 6
    assert number(3, 5, 7) == number(3, 5, 7, 0), "counters begin at 0"


@given(WORDS, WORDS)
def test_absorb_stays_within_64_bits(state: int, word: int) -> None:
    assert 0 <= absorb(state, word) <= MASK


@given(WORDS)
def test_uniform_is_inside_the_open_interval(run: int) -> None:
    assert 0.0 < uniform(run, 1, 1) < 1.0


def test_the_extreme_bits_stay_inside_the_open_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    for extreme in (0, MASK):
        monkeypatch.setattr("sim.rules.randomness.bits", lambda *key, extreme=extreme: extreme)
        assert 0.0 < uniform(1, 1, 1) < 1.0
        assert threshold(1, 1, 1) >= 1
        assert math.isfinite(gumbel_of(uniform(1, 1, 1)))


@pytest.mark.parametrize("purpose", [Purpose.PACE, Purpose.DETECTION])
def test_uniform_is_uniform_over_replications(purpose: Purpose) -> None:
    assert stats.kstest(numbers(8_000, purpose), "uniform").pvalue > ALPHA


def test_uniform_is_uniform_over_counters() -> None:
    run = replication_key(3, 5)
    values = [uniform(run, 11, Purpose.DUEL, counter) for counter in range(8_000)]
    assert stats.kstest(values, "uniform").pvalue > ALPHA


def test_neighbouring_replications_are_independent() -> None:
    values = numbers(8_001)
    counts = np.histogram2d(values[:-1], values[1:], bins=10)[0]
    assert stats.chisquare(counts.ravel()).pvalue > ALPHA


def test_purposes_and_entities_are_independent() -> None:
    runs = [replication_key(9, replication) for replication in range(8_000)]
    one = [uniform(run, entity("alpha"), Purpose.DEPARTURE) for run in runs]
    for who, purpose in ((entity("alpha"), Purpose.PACE), (entity("beta"), Purpose.DEPARTURE)):
        other = [uniform(run, who, purpose) for run in runs]
        counts = np.histogram2d(one, other, bins=10)[0]
        assert stats.chisquare(counts.ravel()).pvalue > ALPHA


def test_neighbouring_seeds_are_independent() -> None:
    one, other = ([uniform(replication_key(seed, r), 5, 1) for r in range(8_000)] for seed in (1, 2))
    counts = np.histogram2d(one, other, bins=10)[0]
    assert stats.chisquare(counts.ravel()).pvalue > ALPHA


def test_one_flipped_bit_of_the_key_flips_half_of_the_number() -> None:
    flips = [(bits(run, 5, 1) ^ bits(run ^ (1 << bit), 5, 1)).bit_count() for run in range(50) for bit in range(64)]
    # 3,200 counts of mean 32 and variance 16, hence a standard error of 0.07; 3.3 of them for ALPHA.
    assert abs(np.mean(flips) - 32) < 3.3 * 4 / math.sqrt(len(flips))


@given(st.floats(min_value=2.0**-60, max_value=1.0))
def test_minus_log_agrees_with_the_library(u: float) -> None:
    assert abs(minus_log(u) + math.log(u)) <= 4e-16 * (1.0 + abs(math.log(u)))


@given(st.floats(min_value=1e-300, max_value=1e300))
def test_minus_log_holds_over_the_whole_range(u: float) -> None:
    assert minus_log(u) == pytest.approx(-math.log(u), rel=1e-15, abs=4e-16)


def exact_minus_log(u: float) -> Decimal:
    with localcontext() as context:
        context.prec = 50
        return -Decimal(u).ln()


def test_minus_log_between_its_seams_is_within_two_last_bits() -> None:
    """From the root of 1/2 to that of 2 the last bit is worth 5.6e-17 at most."""
    for u in np.linspace(math.sqrt(0.5), math.sqrt(2.0), 1001):
        assert abs(Decimal(minus_log(float(u))) - exact_minus_log(float(u))) < Decimal("1.12e-16")


@pytest.mark.parametrize("doublings", [-3, 0, 5])
def test_minus_log_at_the_seam_itself_is_the_nearest_double(doublings: int) -> None:
    u = 0.7071067811865476 * 2.0**doublings
    assert minus_log(u) == float(exact_minus_log(u))


def test_minus_log_of_one_is_zero() -> None:
    assert minus_log(1.0) == 0.0


def test_thresholds_are_exponential() -> None:
    values = [threshold(replication_key(4, r), 8, Purpose.DETECTION) / UNIT for r in range(8_000)]
    assert stats.kstest(values, "expon").pvalue > ALPHA


@given(WORDS)
def test_a_threshold_is_the_next_whole_number_above_its_exponential(run: int) -> None:
    exponential = -math.log(uniform(run, 8, Purpose.DETECTION)) * UNIT
    assert exponential - 1e-4 <= threshold(run, 8, Purpose.DETECTION) <= exponential + 1 + 1e-4


@given(WORDS)
def test_a_uniform_number_is_the_middle_of_its_cell(run: int) -> None:
    cell = bits(run, 2, 3, 4) // 2**12
    assert uniform(run, 2, 3, 4) == (2 * cell + 1) / 2**53


def test_a_threshold_is_a_whole_number_of_at_least_one() -> None:
    values = [threshold(replication_key(4, r), 8, Purpose.DETECTION) for r in range(200)]
    assert all(isinstance(value, int) and value >= 1 for value in values)


def test_the_largest_of_utility_plus_gumbel_is_a_logit_choice() -> None:
    utility = np.array([0.0, 1.0, -0.5, 0.3])
    shares = np.exp(utility) / np.exp(utility).sum()
    runs = [replication_key(6, r) for r in range(5_000)]
    chosen = [
        int(np.argmax([u + gumbel_of(uniform(run, i, Purpose.TASTE)) for i, u in enumerate(utility)])) for run in runs
    ]
    assert stats.chisquare(np.bincount(chosen, minlength=4), shares * len(runs)).pvalue > ALPHA
