"""What the tests of this package share."""

from __future__ import annotations

import pytest
from toy_jobs import SMALL

from sim.execution.manifest import ManifestHead


@pytest.fixture
def head():
    """A run of ten replications."""
    return ManifestHead("toy", "toy", 1, 10, SMALL)
