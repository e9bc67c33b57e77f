"""A real Dask cluster on the loopback address: a scheduler and two workers, each a process of its own."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, replace

import pytest
from toy_jobs import Deadly, ToyJob, toy_rows

from sim.__main__ import main
from sim.execution.cluster_pools import check_kind
from sim.execution.digest import rows_digest
from sim.execution.errors import ExecutionError, MissingExtraError
from sim.execution.executor import run_job
from sim.execution.manifest import PACKAGE, code_version, source_hash
from sim.execution.store import open_store, read_outcomes

pytest.importorskip("distributed", reason="needs the extra dask")
pytestmark = pytest.mark.filterwarnings("ignore")

PATIENCE_SECONDS = 40.0
WANTED = 200
KILLS = 12
EXPECTED = rows_digest([toy_rows(0, WANTED)])


@dataclass
class Cluster:
    """Processes of a cluster, and how to start more."""

    address: str
    environment: dict[str, str]
    processes: dict[str, subprocess.Popen]

    def start(self, name, *words, **environment):
        command = [sys.executable, "-m", "dask", *words, "--no-dashboard"]
        self.processes[name] = subprocess.Popen(
            command,
            # Not here: Python would look for the project in the working directory before all others.
            cwd=self.environment["DASK_TEMPORARY_DIRECTORY"],
            env=self.environment | environment,
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )

    def start_worker(self, name, **environment):
        words = ("worker", self.address, "--nthreads", "1", "--no-nanny", "--host", "127.0.0.1")
        self.start(name, *words, **environment)

    def kill(self, name):
        process = self.processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def close(self):
        for name in list(self.processes):
            self.kill(name)


@contextlib.contextmanager
def cluster_of(workers, environment, folder):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # The workers' own files go to a folder of the test's.
    environment = {**environment, "DASK_TEMPORARY_DIRECTORY": str(folder)}
    cluster = Cluster(f"tcp://127.0.0.1:{port}", environment, {})
    try:
        cluster.start("scheduler", "scheduler", "--host", "127.0.0.1", "--port", str(port))
        for number in range(workers):
            cluster.start_worker(f"worker {number}")
        yield cluster
    finally:
        cluster.close()


@pytest.fixture
def cluster(child_environment, tmp_path_factory):
    with cluster_of(2, child_environment, tmp_path_factory.mktemp("dask")) as cluster:
        yield cluster


@dataclass
class Acting:
    """A progress that does something once so many replications are there."""

    after: int
    act: object
    done: int = 0
    acted: bool = False

    def start(self, replications, done):
        pass

    def advance(self, replications):
        self.done += replications
        if self.done >= self.after and not self.acted:
            self.acted = True
            self.act()

    def note(self, text):
        pass

    def close(self):
        pass


def run_there(folder, head, cluster, job=None, wanted=WANTED, **settings):
    with open_store(folder, replace(head, replications=wanted)) as store:
        return run_job(job or ToyJob(0.01), store, wanted, kind="dask", address=cluster.address, **settings)


def wait_for_workers(cluster, number):
    import distributed

    with distributed.Client(cluster.address, timeout=PATIENCE_SECONDS, set_as_default=False) as client:
        client.wait_for_workers(number, timeout=PATIENCE_SECONDS)


def test_the_digest_is_that_of_a_serial_run_with_a_worker_killed_on_the_way(cluster, tmp_path, head, monkeypatch):
    wait_for_workers(cluster, 2)
    assert run_there(tmp_path / "whole", head, cluster) == EXPECTED
    killing = Acting(40, lambda: cluster.kill("worker 0"))
    assert run_there(tmp_path / "killed", head, cluster, chunk_size=5, progress=killing) == EXPECTED
    assert killing.acted
    rows = read_outcomes(tmp_path / "killed")
    assert len(rows) == len(toy_rows(0, WANTED))
    # The scheduler goes too: one message, what was written stays, and the next run goes on anywhere.
    ending = Acting(40, lambda: cluster.kill("scheduler"))
    with pytest.raises(ExecutionError, match=r"scheduler at tcp://127.0.0.1:.* is gone; .* run again") as caught:
        run_there(tmp_path / "gone", head, cluster, chunk_size=5, progress=ending)
    assert "\n" not in str(caught.value)
    assert len(set(read_outcomes(tmp_path / "gone")["replication"])) >= 40
    with open_store(tmp_path / "gone", replace(head, replications=WANTED)) as store:
        assert run_job(ToyJob(), store, WANTED, kind="serial") == EXPECTED
    monkeypatch.setattr("sim.execution.cluster_pools.CONNECT_SECONDS", 1.0)
    with pytest.raises(ExecutionError, match=r"execution\.address=tcp://127.0.0.1:.* does not answer"):
        run_there(tmp_path / "nobody", head, cluster)


@pytest.fixture
def empty_cluster(child_environment, tmp_path_factory):
    with cluster_of(0, child_environment, tmp_path_factory.mktemp("dask")) as cluster:
        yield cluster


def test_a_cluster_without_workers_is_not_waited_for_for_ever(empty_cluster, tmp_path, head):
    cluster = empty_cluster
    with pytest.raises(
        ExecutionError, match=r"has no workers, and none came within 1 s \(execution\.wait_s\)"
    ) as caught:
        run_there(tmp_path / "out", head, cluster, wait_s=1.0)
    assert "\n" not in str(caught.value)
    # Nor is one whose workers are all gone.
    cluster.start_worker("worker 0")
    wait_for_workers(cluster, 1)
    killing = Acting(40, lambda: cluster.kill("worker 0"))
    with pytest.raises(ExecutionError, match=r"has no workers, and none came within 2 s"):
        run_there(tmp_path / "out", head, cluster, chunk_size=5, progress=killing, wait_s=2.0)
    assert len(set(read_outcomes(tmp_path / "out")["replication"])) >= 40


@pytest.mark.parametrize("words", [["-m", "outpost.range_km=5,6"], []], ids=["sweep", "comparison"])
def test_a_run_without_workers_ends_with_one_line(empty_cluster, tmp_path, capsys, words):
    where = ["execution=dask", f"execution.address={empty_cluster.address}", "execution.wait_s=1"]
    case = f"experiment={PACKAGE.parent / 'experiments' / 'own_case' / 'case.yaml'}"
    assert main([*words, case, "replications=2", f"output={tmp_path / 'out'}", *where]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("border-sim: the Dask cluster at tcp://127.0.0.1:")
    assert "within 1 s (execution.wait_s)" in last


def test_a_worker_of_other_code_is_refused(empty_cluster, tmp_path, head):
    cluster, other = empty_cluster, tmp_path / "other"
    shutil.copytree(PACKAGE, other / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    (other / "sim" / "rules" / "__init__.py").write_text("# another rule\n")
    path = os.pathsep.join([str(other), cluster.environment["PYTHONPATH"]])
    cluster.start_worker("worker 0", PYTHONPATH=path)
    wait_for_workers(cluster, 1)
    with pytest.raises(ExecutionError, match=r"a worker runs other code .*: sources \w{12} .* there") as caught:
        run_there(tmp_path / "out", head, cluster)
    for sources in (code_version().sources, source_hash(other / "sim")):
        assert sources[:12] in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.long
def test_replications_that_kill_their_worker_are_left_out(cluster, tmp_path, head):
    """Each time Dask itself tries it on four workers, and they do not come back by themselves."""
    spare = itertools.count()
    wait_for_workers(cluster, 2)
    stop = threading.Event()

    def keep_alive():
        while not stop.wait(0.2):
            for name, process in list(cluster.processes.items()):
                if process.poll() is not None:
                    del cluster.processes[name]
                    cluster.start_worker(f"spare {next(spare)}")

    keeper = threading.Thread(target=keep_alive)
    keeper.start()
    try:
        digest = run_there(tmp_path / "out", head, cluster, job=Deadly((21,)), wanted=40, chunk_size=2)
    finally:
        stop.set()
        keeper.join()
    assert digest == rows_digest([toy_rows(0, 21), toy_rows(22, 40)])
    [failure] = json.loads((tmp_path / "out" / "failed.json").read_text())
    assert failure["replication"] == 21
    assert re.match(r"the worker process died \d+ times", failure["error"])


@pytest.mark.long
def test_workers_killed_at_random_moments_cost_nothing_but_time(empty_cluster, tmp_path, head):
    rng, kills = random.Random(4), 0
    for attempt in range(40):
        cluster, names = empty_cluster, [f"{attempt}, first", f"{attempt}, second"]
        for name in names:
            cluster.start_worker(name)
        wait_for_workers(cluster, 2)
        moment = threading.Timer(rng.uniform(0.0, 2.0), cluster.kill, [names[0]])
        moment.start()
        assert run_there(tmp_path / str(attempt), head, cluster, chunk_size=5) == EXPECTED
        # If the run had ended before, the kill did not count.
        kills += not moment.is_alive()
        moment.join()
        cluster.kill(names[1])
        if kills == KILLS:
            break
    assert kills == KILLS, f"only {kills} workers were killed while they were needed"


def any_of(group):
    """Whether a process group has any process."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_cluster_of_ones_own_leaves_no_process(tmp_path, head, child_environment):
    program = (
        "import sys, toy_jobs\n"
        "from sim.execution.executor import run_job\n"
        "from sim.execution.manifest import ManifestHead\n"
        "from sim.execution.store import open_store\n"
        "if __name__ == '__main__':\n"
        "    with open_store(sys.argv[1], ManifestHead('toy', 'toy', 1, 50, toy_jobs.SMALL)) as store:\n"
        "        print(run_job(toy_jobs.ToyJob(), store, 50, kind='dask', workers=1))\n"
    )
    script = tmp_path / "program.py"
    script.write_text(program)
    process = subprocess.Popen(
        [sys.executable, script, tmp_path / "out"],
        env=child_environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    out, errors = process.communicate(timeout=120)
    assert (process.returncode, errors) == (0, "")
    assert out.split() == [rows_digest([toy_rows(0, 50)])]
    # The last to go is the helper of multiprocessing, which sees its pipe closed.
    end = time.monotonic() + PATIENCE_SECONDS
    while any_of(process.pid):
        assert time.monotonic() < end, "processes were left behind"
        time.sleep(0.05)


def test_a_missing_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtraError, match=r"execution=dask needs the extra 'dask': pip install"):
        check_kind("dask")
