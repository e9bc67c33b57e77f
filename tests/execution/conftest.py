"""What the tests of this room share."""

from __future__ import annotations

import os
import sys

import pytest
from toy_jobs import SMALL

from sim.execution.manifest import ManifestHead


@pytest.fixture
def child_environment():
    """Environment of a child process that finds what this one finds."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


@pytest.fixture
def head():
    """A run of ten replications."""
    return ManifestHead("toy", "toy", 1, 10, SMALL)
