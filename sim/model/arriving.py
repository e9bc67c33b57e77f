"""The groups of a stream that arrive in one run."""

from __future__ import annotations

from collections.abc import Iterator

from sim.rules.arrivals import poisson_times
from sim.rules.randomness import Purpose, entity, uniform
from sim.scenario.group import Group, Stream


def arrivals(run_key: int, stream: Stream) -> Iterator[Group]:
    """The groups in order of departure; the same in every arm that leaves the stream as it is.

    Parameters
    ----------
    run_key:
        Of the replication, see `sim.rules.randomness.replication_key`.
    stream:
        With what it leaves to its kind filled in.
    """
    who = entity(stream.name)
    first, last = stream.from_min, stream.until_min
    times = poisson_times(
        stream.per_day / 1440.0, first, last, lambda count: uniform(run_key, who, Purpose.ARRIVAL, count)
    )
    low = stream.size or 1
    high = low if stream.size_high is None else stream.size_high
    for number, time in enumerate(times, start=1):
        size = low + int((high + 1 - low) * uniform(run_key, who, Purpose.SIZE, number))
        yield stream.arrival(number, int(time), size)
