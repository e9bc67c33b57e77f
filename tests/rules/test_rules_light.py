"""Light, weather and the clock by hand, and that each day has the light that the sun gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.light import clock, dark_enough, drawn_weather, light_class, rests
from sim.rules.sensing import DAY, NIGHT, TWILIGHT

MINUTES = st.integers(0, 20_000)


@pytest.mark.parametrize(
    ("time", "light"),
    [
        ("00:00", NIGHT),
        ("06:27", NIGHT),
        ("06:28", TWILIGHT),
        ("06:54", TWILIGHT),
        ("06:55", DAY),
        ("12:00", DAY),
        ("17:28", DAY),
        ("17:29", TWILIGHT),
        ("17:55", TWILIGHT),
        ("17:56", NIGHT),
        ("23:59", NIGHT),
    ],
)
def test_light_by_hand(time: str, light: int) -> None:
    hour, minute = map(int, time.split(":"))
    assert light_class(60 * hour + minute, 6 * 60 + 55, 17 * 60 + 29, 27) == light


@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 240))
def test_each_day_has_as_many_light_minutes_as_the_sun_gives(rise: int, fall: int, twilight: int) -> None:
    rise, fall = min(rise, fall), max(rise, fall)
    classes = [light_class(m, rise, fall, twilight) for m in range(1440)]
    assert classes.count(DAY) == fall - rise
    if twilight <= rise and fall + twilight <= 1440 and fall > rise:
        assert classes.count(TWILIGHT) == 2 * twilight


@given(MINUTES, st.integers(0, 1439))
def test_the_clock_goes_round(minute: int, start: int) -> None:
    assert clock(minute + 1440, start) == clock(minute, start)
    assert (clock(minute + 1, start) - clock(minute, start)) % 1440 == 1


@pytest.mark.parametrize(
    ("draw", "weather"), [(0.0, 0), (0.49, 0), (0.5, 1), (0.74, 1), (0.75, 2), (0.99, 2), (0.9999, 2)]
)
def test_the_weather_by_hand(draw: float, weather: int) -> None:
    """Half, a quarter, and a quarter that rounding has left a little short."""
    assert drawn_weather(draw, (0.5, 0.25, 0.2499)) == weather


def test_a_group_rafts_where_it_is_night_on_both_banks() -> None:
    lights = (DAY, TWILIGHT, NIGHT)
    dark = [(light, landed) for light in lights for landed in lights if dark_enough(True, 20, light, landed)]
    assert dark == [(NIGHT, NIGHT)]
    assert all(dark_enough(False, 20, light, landed) for light in lights for landed in lights)
    assert all(dark_enough(True, 0, light, landed) for light in lights for landed in lights), "no water"


def test_who_lies_up_does_so_by_day() -> None:
    assert [rests(True, light) for light in (DAY, TWILIGHT, NIGHT)] == [True, False, False]
    assert not any(rests(False, light) for light in (DAY, TWILIGHT, NIGHT))
