"""The places in the space of tables at which coverage is looked at: middling and extreme, correlated and not."""

from __future__ import annotations

from typing import NamedTuple

HIGH = 0.9
"""Share of the way from independent outcomes to outcomes as alike as their margins allow."""


class Corner(NamedTuple):
    """Probabilities of a pair's outcomes: in both arms, only with, only without, in neither."""

    name: str
    both: float
    only_with: float
    only_without: float

    @property
    def cells(self) -> tuple[float, float, float, float]:
        """All four, in the order of a `PairedTable`."""
        rest = 1 - self.both - self.only_with - self.only_without
        return self.both, self.only_with, self.only_without, max(0.0, rest)

    @property
    def difference(self) -> float:
        """The true difference."""
        return self.only_with - self.only_without

    @property
    def discordant(self) -> float:
        """Share of pairs with two outcomes."""
        return self.only_with + self.only_without


def from_margins(p1: float, p0: float, alike: float) -> Corner:
    """A corner from both proportions; `alike` is 0 for independent outcomes and 1 for the greatest correlation."""
    independent = p1 * p0
    both = independent + alike * (min(p1, p0) - independent)
    word = "correlated" if alike else "independent"
    return Corner(f"{p1:g} against {p0:g}, {word}", both, p1 - both, p0 - both)


MARGINS = ((0.5, 0.5), (0.55, 0.5), (0.7, 0.3), (0.02, 0.02), (0.05, 0.02), (0.98, 0.95), (0.99, 0.99))
CORNERS: tuple[Corner, ...] = (
    *(from_margins(p1, p0, alike) for p1, p0 in MARGINS for alike in (0.0, HIGH)),
    Corner("0.5 against 0.5, opposite", 0.05, 0.45, 0.45),
    Corner("0.52 against 0.5, never lost", 0.5, 0.02, 0.0),
)
