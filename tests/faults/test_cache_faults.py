"""Damaged, foreign and half-written compiled code, and processes that start or die at the same time."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from kept_toy import Toy, toy_in, was_read

from sim.cache import store
from sim.cache.atomic import TEMPORARY
from sim.engine.engine import is_warm

PACKAGE = Path(store.__file__).resolve().parents[1]


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Toy]:
    yield from toy_in(tmp_path, monkeypatch)


class Trap:
    """Leaves a trace when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return os.mkdir, (self.trace,)


def truncated(path: Path) -> bytes:
    return path.read_bytes()[:-100]


def empty(_: Path) -> bytes:
    return b""


def flipped_early(path: Path) -> bytes:
    return flipped(path, 10)


def flipped_in_the_middle(path: Path) -> bytes:
    return flipped(path, path.stat().st_size // 2)


def flipped_late(path: Path) -> bytes:
    return flipped(path, path.stat().st_size - 2)


def flipped(path: Path, place: int) -> bytes:
    data = bytearray(path.read_bytes())
    data[place] ^= 0x10
    return bytes(data)


def foreign_pickle(path: Path) -> bytes:
    return pickle.dumps(Trap(path.parents[4] / "trace"))


def noise(path: Path) -> bytes:
    return bytes(range(256)) * (path.stat().st_size // 256 + 1)


DAMAGES = [truncated, empty, flipped_early, flipped_in_the_middle, flipped_late, foreign_pickle, noise]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_damaged_files_are_never_read_and_made_anew(
    toy: Toy, damage: Callable[[Path], bytes], caplog: pytest.LogCaptureFixture
) -> None:
    toy.start()(21)
    path = toy.the_file()
    path.write_bytes(damage(path))
    caplog.clear()
    second = toy.start()
    assert second(21) == 42
    (line,) = caplog.messages
    assert line == f"compiled code is damaged ({path.name}): compiling the toy anew, some 1 s"
    assert not list(toy.place.rglob("trace"))
    third = toy.start()
    assert third(21) == 42
    assert was_read(third)
    assert len(caplog.messages) == 1


def checked(path: Path, data: bytes) -> None:
    """Write what no hash tells from what was saved, as if saved by a program of another layout."""
    store.write_checked(path, data)


OTHER_LAYOUTS: dict[str, bytes] = {
    "no pickle": b"",
    "no end": pickle.dumps("0.0")[:-1],
    "nothing": pickle.dumps(None),
    "too little": pickle.dumps(("code",)),
    "others in their place": pickle.dumps(tuple(range(9))),
    "a class that is gone": b"cnumba.core.caching\nGone\n.",
}


@pytest.mark.parametrize("layout", OTHER_LAYOUTS)
def test_whole_files_of_another_layout_are_made_anew(toy: Toy, layout: str, caplog: pytest.LogCaptureFixture) -> None:
    toy.start()(21)
    checked(toy.the_file(), OTHER_LAYOUTS[layout])
    caplog.clear()
    second = toy.start()
    assert second(21) == 42
    assert len(caplog.messages) == 1
    third = toy.start()
    assert third(21) == 42
    assert was_read(third)


def test_code_of_another_signature_is_not_executed(toy: Toy, caplog: pytest.LogCaptureFixture) -> None:
    function = toy.start()
    function(21)
    function(0.5)
    first, second = toy.files()
    whole, other = (store.read_checked(path) for path in (first, second))
    assert whole is not None
    assert other is not None
    checked(first, other)
    checked(second, whole)
    caplog.clear()
    again = toy.start()
    assert (again(21), again(0.5)) == (42, 1.0)
    assert "another signature" in caplog.messages[0]


def test_code_under_another_name_is_not_read(toy: Toy, caplog: pytest.LogCaptureFixture) -> None:
    function = toy.start()
    function(21)
    function(0.5)
    first, second = toy.files()
    first.write_bytes(second.read_bytes())
    caplog.clear()
    again = toy.start()
    assert again(21) == 42
    assert caplog.messages[0].startswith(f"compiled code is damaged ({first.name})")


def test_a_seal_that_is_lost_costs_one_compile(toy: Toy, caplog: pytest.LogCaptureFixture) -> None:
    toy.start()(21)
    path = toy.the_file()
    path.write_bytes(path.read_bytes().partition(b"\n")[2])
    caplog.clear()
    again = toy.start()
    assert again(21) == 42
    assert len(caplog.messages) == 1


def test_a_full_disk_stops_nothing(toy: Toy, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    function = toy.start()
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        assert function(21) == 42
    assert "No space left on device" in caplog.messages[-1]
    assert not toy.files()
    again = toy.start()
    assert again(21) == 42
    assert not was_read(again)
    assert is_warm(again)


# --- several processes ---


def begin(toy: Toy, *words: str, before: str = "", **environment: str) -> subprocess.Popen[str]:
    """The toy in a process of its own, called with some numbers, after some lines of Python."""
    code = f"import runpy, sys; sys.argv = ['toy', *{words!r}]\n{before}\nrunpy.run_path({str(toy.path)!r}, "
    return subprocess.Popen(
        [sys.executable, "-c", code + "run_name='__main__')"],
        env={**os.environ, "PYTHONPATH": str(PACKAGE.parent), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def assert_warm(toy: Toy, *words: str) -> None:
    """Another start reads all and says nothing."""
    process = begin(toy, *words)
    assert process.communicate(timeout=60) == (f"read {len(words)}\n", "")


def start_together(toy: Toy, processes: int) -> None:
    """Start processes on an empty cache, half of them with whole numbers and half with others."""
    words = ["21", "0.5"]
    begun = [begin(toy, words[number % 2], TOY_SECONDS="0.5") for number in range(processes)]
    for process in begun:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        assert "read" in out
        assert err in ("", "compiling the toy: once, some 1 s\n")
    assert_warm(toy, *words)
    shutil.rmtree(toy.place)


def test_processes_that_start_at_once_do_no_harm(toy: Toy) -> None:
    start_together(toy, 4)


@pytest.mark.long
def test_processes_that_start_at_once_do_no_harm_again_and_again(toy: Toy) -> None:
    for _ in range(6):
        start_together(toy, 6)


def test_a_process_killed_while_it_compiles_leaves_nothing_in_the_way(toy: Toy) -> None:
    process = begin(toy, "21", TOY_SECONDS="60")
    assert process.stdout is not None
    assert process.stdout.readline() == "compiling\n"
    process.kill()
    process.communicate(timeout=60)
    assert not toy.files()
    after = begin(toy, "21")
    assert after.communicate(timeout=60) == ("read 0\n", "compiling the toy: once, some 1 s\n")
    assert_warm(toy, "21")


KILLED = "import os; die = lambda *_, **__: os.kill(os.getpid(), 9)\n"
MOMENTS = {
    "before the file": "import sim.cache.kept_code as c; c.write_checked = die",
    "in the file": "os.fsync = die",
    "before its name": "os.replace = die",
}


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills as POSIX does")
@pytest.mark.parametrize(
    "moment",
    [pytest.param(moment, marks=[] if moment == "in the file" else pytest.mark.long) for moment in MOMENTS],
)
def test_a_process_killed_while_it_saves_costs_one_compile(toy: Toy, moment: str) -> None:
    process = begin(toy, "21", before=KILLED + MOMENTS[moment])
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    after = begin(toy, "21")
    out, err = after.communicate(timeout=60)
    assert out == "read 0\n"
    assert err.count("\n") == 1
    assert "compiling the toy" in err
    assert_warm(toy, "21")
    # What was left unfinished is in nobody's way, and goes when nobody can be at work on it any more.
    folder = toy.the_file().parent
    for path in folder.glob(f"{TEMPORARY}*"):
        os.utime(path, (0, 0))
    store.prune(folder)
    assert [path.name for path in folder.iterdir()] == [toy.the_file().name]


# --- the engine itself: one compile here, one in tests/engine ---

ENGINE = "from sim.engine.engine import warm_up; warm_up(lambda line: print(line, flush=True))"


def begin_engine() -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    return subprocess.Popen(
        [sys.executable, "-c", ENGINE], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def first_line(process: subprocess.Popen[str]) -> str:
    """What a process says first; it is killed there."""
    assert process.stdout is not None
    line = process.stdout.readline()
    process.kill()
    process.communicate(timeout=60)
    return line


@pytest.mark.long
def test_the_engine_killed_while_it_compiles_and_damaged_afterwards(toy: Toy) -> None:
    assert first_line(begin_engine()) == "compiling the engine: once, some 20 s\n"
    assert begin_engine().communicate(timeout=600) == ("compiling the engine: once, some 20 s\n", "")
    assert begin_engine().communicate(timeout=60) == ("", "")
    path = toy.the_file()
    path.write_bytes(flipped_in_the_middle(path))
    line = first_line(begin_engine())
    assert line.startswith(f"compiled code is damaged ({path.name}): compiling the engine anew")
    assert not toy.files()
