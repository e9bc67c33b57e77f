"""Rules with draws of one's own in the place of keyed ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType

import pytest

Key = tuple[int, int, int, int]


@contextmanager
def given_draws(module: ModuleType, draw: Callable[[int], float]) -> Iterator[list[Key]]:
    """While it lasts, the rules of a module draw what `draw` gives for a counter; what they ask for is listed."""
    asked: list[Key] = []

    def uniform(run: int, who: int, purpose: int, counter: int = 0) -> float:
        asked.append((run, who, purpose, counter))
        return draw(counter)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "uniform", uniform)
        yield asked


def one_draw(module: ModuleType, draw: float, rule: Callable[[], object]) -> tuple[object, list[Key]]:
    """What a rule says if every draw is the same, and what it asked for."""
    with given_draws(module, lambda counter: draw) as asked:
        return rule(), asked
