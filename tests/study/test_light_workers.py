"""What a worker process loads: neither what only agents need nor what only builders of grounds do."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["replications", "sweep.job", "learning", "compare.fixed_routes"])
def test_a_compiled_job_loads_neither_mesa_nor_scipy(module: str) -> None:
    code = f"import sys, sim.execution.worker, sim.engine.engine, sim.study.{module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "numba" in loaded  # which looks at scipy's version, and at nothing in it
    assert loaded.isdisjoint({"mesa", "matplotlib", "statsmodels", "hydra"})
    assert loaded.isdisjoint({f"scipy.{part}" for part in ("linalg", "ndimage", "sparse", "spatial", "stats")})


def test_a_comparison_is_prepared_without_what_its_summaries_need() -> None:
    code = "import sys, sim.study.compare.run; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()).isdisjoint({"pandas", "pyarrow", "mesa"})
