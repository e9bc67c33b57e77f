"""What every test shares: hypothesis without chance or clock, and pictures drawn without a screen."""

from __future__ import annotations

import os
import sys

import pytest
from hypothesis import Phase, settings

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


@pytest.fixture
def child_environment() -> dict[str, str]:
    """Environment of a child process that finds what this one finds."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
