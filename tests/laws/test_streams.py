"""Law: one stream of four groups a day equals two of two, or four of one, and their groups are stopped as often."""

from __future__ import annotations

from law_cases import apart, bound, drawn_case, played

from sim.scenario import Scenario

CASES, REPLICATIONS, PER_DAY = 10, 250, 4.0


def in_streams(number: int, streams: int) -> Scenario:
    """A drawn case whose first group comes in several equal streams instead, within one day."""
    group = drawn_case(number).infiltrators.groups[0].model_dump(mode="json")
    kept = {key: value for key, value in group.items() if not key.startswith("depart_")}
    flows = [{**kept, "name": f"flow_{'abcd'[place]}", "per_day": PER_DAY / streams} for place in range(streams)]
    return drawn_case(number).replace(**{"infiltrators.groups": [], "infiltrators.streams": flows, "horizon_min": 4000})


def test_a_stream_may_be_split() -> None:
    """Runs with draws of their own: shares and numbers apart by chance alone, refused in one of a thousand tests."""
    found = []
    for number in range(CASES):
        whole, halves, quarters = (played(in_streams(number, parts), "more", REPLICATIONS) for parts in (1, 2, 4))
        for parts in (halves, quarters):
            found += [apart(whole, parts, what) for what in ("stopped", "detected")]
            assert abs(len(whole) - len(parts)) < bound(2 * CASES, sides=2) * (len(whole) + len(parts)) ** 0.5, number
    assert max(abs(each.z) for each in found) < bound(len(found), sides=2), found
