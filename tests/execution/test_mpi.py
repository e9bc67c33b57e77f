"""Under mpiexec the digest is the same; without it one message says how to start."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from toy_jobs import toy_rows

from sim.execution.cluster_pools import check_kind
from sim.execution.digest import rows_digest
from sim.execution.errors import MissingExtraError

PROGRAM = """
import sys, toy_jobs
from sim.execution.executor import run_job
from sim.execution.manifest import ManifestHead
from sim.execution.store import open_store
if __name__ == "__main__":
    with open_store(sys.argv[1], ManifestHead("toy", "toy", 1, 50, toy_jobs.SMALL)) as store:
        print(run_job(toy_jobs.ToyJob(), store, 50, kind="mpi", chunk_size=7))
"""


def test_the_digest_is_the_same(tmp_path, child_environment):
    pytest.importorskip("mpi4py", reason="needs the extra mpi")
    launcher = shutil.which("mpiexec")
    if launcher is None:
        pytest.skip("needs mpiexec")
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    # Open MPI refuses root and more processes than cores, unless asked to; other launchers ignore these.
    allowed = dict.fromkeys(("OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"), "1")
    allowed |= {"OMPI_MCA_rmaps_base_oversubscribe": "1", "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe"}
    command = [launcher, "-n", "3", sys.executable, "-m", "mpi4py.futures", str(script), str(tmp_path / "out")]
    environment = {**os.environ, **child_environment, **allowed}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [rows_digest([toy_rows(0, 50)])]


def test_a_start_without_mpiexec_is_one_message():
    with pytest.raises(MissingExtraError, match=r"execution=mpi .*(mpiexec -n 3 python|needs the extra 'mpi')"):
        check_kind("mpi")
