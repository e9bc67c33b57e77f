"""Compiled functions: what numpy and Python give, with a place for the compiled code and without one."""

from __future__ import annotations

from sim.terrain.compiled import compiled

TEXT = """
def quotients(values, by):
    total = 0.0
    for value in values:
        total += value / by
    return total
"""


def written_nowhere() -> object:
    """A function without a file: nothing of it can be kept on disk."""
    names: dict[str, object] = {}
    exec(TEXT, names)
    return names["quotients"]


def test_functions_of_which_nothing_can_be_kept_are_compiled_all_the_same() -> None:
    plain = written_nowhere()
    made = compiled(plain)
    values = (0.1, 0.7, 1e17, -1e17)
    assert made(values, 3.0) == plain(values, 3.0)


def test_a_division_by_zero_is_no_error() -> None:
    assert compiled(written_nowhere())((1.0, 2.0), 0.0) == float("inf")
