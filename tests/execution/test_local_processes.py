"""The background process ends with whoever started it; a Ctrl-C that Python forgets is raised again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path

import pytest
import toy_work
from lost_interrupt import Closing
from processes import wait_until
from toy_jobs import ToyJob
from toy_work import fail, note_and_sleep

from sim.execution.chunks import Chunk
from sim.execution.dispatch import Lost
from sim.execution.errors import ExecutionError
from sim.execution.local_processes import background_process, interrupts_recorded, worker_pool
from sim.execution.worker import PackedJob

posix = pytest.mark.skipif(os.name != "posix", reason="signals")

STARTS = """
import signal, sys, time
from functools import partial
from pathlib import Path
sys.path.insert(0, {helpers!r})
from toy_work import note_and_sleep
from sim.execution.local_processes import background_process
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with background_process(partial(note_and_sleep, Path({file!r}), 60.0)):
        time.sleep(60.0)
"""


def awaited(file: Path) -> int:
    """The process that a file names, once it is there."""
    wait_until(file.exists, "the work to begin")
    return int(file.read_text())


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return not Path(f"/proc/{process}/stat").exists() or ") Z " not in Path(f"/proc/{process}/stat").read_text()


def test_it_is_done_by_another_process_and_waited_for(tmp_path: Path) -> None:
    with background_process(partial(note_and_sleep, tmp_path / "pid", 0.5)):
        pass
    process = int((tmp_path / "pid").read_text())
    assert process != os.getpid()
    assert not is_there(process)


def test_left_by_an_exception_it_is_killed(tmp_path: Path) -> None:
    def interrupted() -> None:
        # If it were waited for, this would end with the limit of time that each test has.
        with background_process(partial(note_and_sleep, tmp_path / "pid", 3600.0)):
            awaited(tmp_path / "pid")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not is_there(int((tmp_path / "pid").read_text()))


def test_that_it_fails_shows_in_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with background_process(fail):
        pass
    assert capfd.readouterr() == ("", "")


def test_where_no_process_can_be_started_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr("multiprocessing.context.SpawnProcess._Popen", refuse)
    done = []
    with background_process(fail):
        done.append(1)
    assert done == [1]


def test_only_an_error_of_starting_a_process_loses_a_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr("multiprocessing.context.SpawnProcess._Popen", refuse)
    with worker_pool(PackedJob(ToyJob(), "run"), 1) as pool:
        with pytest.raises(BrokenProcessPool, match="no more processes") as broken:
            pool.submit(Chunk(0, 2))
        assert pool.explain(Chunk(0, 2), broken.value) == Lost(Chunk(0, 2))
        with pytest.raises(ExecutionError, match=r"replications 0 to 1: OSError: .* No space left"):
            pool.explain(Chunk(0, 2), OSError(28, "No space left on device"))


@posix
def test_it_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    parent = begun(tmp_path / "pid")
    process = awaited(tmp_path / "pid")
    parent.kill()
    parent.communicate()
    wait_until(lambda: not is_there(process), "the process to end", 30.0)


@posix
def test_it_prints_nothing_of_an_interrupt_on_the_terminal(tmp_path: Path) -> None:
    """Ctrl-C goes to all processes of a terminal; only the one that was started there shall print it."""
    parent = begun(tmp_path / "pid")
    process = awaited(tmp_path / "pid")
    os.killpg(parent.pid, signal.SIGINT)
    _, errors = parent.communicate(timeout=60)
    assert errors.count("KeyboardInterrupt") == 1
    assert "SpawnProcess" not in errors
    assert not is_there(process)


def begun(file: Path) -> subprocess.Popen[str]:
    """A program with a background process, both asleep, as on a terminal of their own."""
    code = STARTS.format(helpers=str(Path(toy_work.__file__).parent), file=str(file))
    return subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True, start_new_session=True)


@pytest.fixture
def _listening() -> Iterator[None]:
    """As in a program that was started on a terminal."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class FailingDel:
    """Cannot be thrown away in order."""

    def __del__(self) -> None:
        raise ValueError("no ford")


@posix
@pytest.mark.usefixtures("_listening")
def test_one_that_is_lost_is_raised_again_and_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    printed: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda lost: printed.append(lost.exc_type))
    with interrupts_recorded() as raise_again:
        FailingDel()
        raise_again()
        Closing()
        with pytest.raises(KeyboardInterrupt):
            raise_again()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert printed == [ValueError]


@posix
@pytest.mark.usefixtures("_listening")
def test_one_that_is_heard_is_raised_at_once() -> None:
    def run() -> None:
        with interrupts_recorded():
            os.kill(os.getpid(), signal.SIGINT)
            for _ in range(1000):
                pass
            pytest.fail("it went on")

    with pytest.raises(KeyboardInterrupt):
        run()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@posix
@pytest.mark.usefixtures("_listening")
@pytest.mark.parametrize("handler", [signal.SIG_IGN, lambda *_: None])
def test_handlers_of_somebody_elses_stay(handler: object) -> None:
    signal.signal(signal.SIGINT, handler)  # type: ignore[arg-type]
    with interrupts_recorded() as raise_again:
        assert signal.getsignal(signal.SIGINT) is handler
        os.kill(os.getpid(), signal.SIGINT)
        raise_again()


@posix
@pytest.mark.usefixtures("_listening")
def test_in_a_thread_nothing_is_changed() -> None:
    seen: list[object] = []

    def run() -> None:
        with interrupts_recorded():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler]
