"""What every test shares: hypothesis without chance or clock, and pictures drawn without a screen."""

from __future__ import annotations

import os
import sys

import pytest
from hypothesis import Phase, settings
from hypothesis.internal.conjecture import providers

os.environ.setdefault("MPLBACKEND", "Agg")
# Programs that came with this interpreter's packages (mpiexec) are found, its environment activated or not.
os.environ["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), os.environ.get("PATH", os.defpath)])

# The same examples on every machine, and no failure because a machine is slow.
# `pytest --hypothesis-profile=search` looks for new examples instead.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, max_examples=1000)
# For `make mutation`: that a mutant fails is enough, nobody looks for the simplest example.
settings.register_profile("mutants", derandomize=True, deadline=None, phases=(Phase.explicit, Phase.generate))
settings.load_profile("repeatable")
# Hypothesis draws some numbers from the constants of all local modules that happen to be imported, so that a file
# that is tested alone would get other examples than in a run of all tests. There is no setting for it.
if hasattr(providers, "_get_local_constants"):
    providers._get_local_constants = lambda: providers._local_constants

LONG_S = 1200
"""The limit of a long test; that of the others stands in pyproject.toml."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each long test its limit, unless it has one of its own."""
    for item in items:
        if item.get_closest_marker("long") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(LONG_S))


@pytest.fixture
def child_environment() -> dict[str, str]:
    """Environment of a child process that finds what this one finds."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
