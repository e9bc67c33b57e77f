"""The cache of compiled code: where it lies, what its name depends on, and what the user is notified of."""

from __future__ import annotations

import ast
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numba
import pytest
from kept_toy import Toy, toy_in, was_read

from sim.cache import kept_code, store
from sim.cache.kept_code import kept
from sim.engine.engine import is_warm

PACKAGE = Path(kept_code.__file__).resolve().parents[1]


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Toy]:
    yield from toy_in(tmp_path, monkeypatch)


@pytest.fixture
def home(toy: Toy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of one's own, in which the cache lies; temporary files go beside it."""
    (tmp_path / "home").mkdir()
    (tmp_path / "temporary").mkdir()
    monkeypatch.delenv("BORDER_SIM_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return tmp_path / "home"


def opened() -> Path | None:
    """The folder of compiled code as a new process opens it."""
    kept_code.cache_folder.cache_clear()
    return kept_code.cache_folder()


def permissions(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# --- from one start to the next ---


def test_the_second_start_reads_what_the_first_compiled(toy: Toy) -> None:
    first = toy.start()
    assert first(21) == 42
    assert not was_read(first)
    second = toy.start()
    assert second(21) == 42
    assert was_read(second)


def test_every_signature_is_kept(toy: Toy) -> None:
    toy.start()(21)
    toy.start()(0.5)
    third = toy.start()
    assert (third(21), third(0.5)) == (42, 1.0)
    assert was_read(third)
    assert len(toy.files()) == 2


def test_the_first_start_says_how_long_it_takes_and_later_ones_nothing(toy: Toy) -> None:
    messages: list[str] = []
    function = toy.start()
    kept_code.open_cache(messages.append)
    function(21)
    function(0.5)
    assert messages == ["compiling the toy: once, some 1 s"]
    toy.start()(21)
    assert len(messages) == 1


def test_what_nobody_listens_to_is_logged(toy: Toy, caplog: pytest.LogCaptureFixture) -> None:
    toy.start()(21)
    assert caplog.messages == ["compiling the toy: once, some 1 s"]


def test_it_can_be_asked_and_forgotten(toy: Toy) -> None:
    function = toy.start()
    assert not is_warm(function)
    function(21)
    assert is_warm(function)
    shutil.rmtree(toy.place)
    assert not is_warm(function)
    again = toy.start()
    assert again(21) == 42
    assert not was_read(again)
    assert is_warm(again)


def test_nothing_is_opened_before_the_first_call(toy: Toy) -> None:
    toy.start()
    assert not toy.place.exists()


def test_a_folder_deleted_under_a_running_process_is_made_anew(toy: Toy) -> None:
    function = toy.start()
    function(21)
    shutil.rmtree(toy.place)
    before = os.umask(0o002)
    try:
        function(0.5)
    finally:
        os.umask(before)
    again = toy.start()
    assert again(0.5) == 1.0
    assert was_read(again)


# --- what it depends on ---


def copied(package: Path) -> Path:
    for pattern in kept_code.SOURCES:
        for path in PACKAGE.glob(pattern):
            (package / path.relative_to(PACKAGE)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, package / path.relative_to(PACKAGE))
    return package


def test_every_changed_source_leads_to_another_folder(tmp_path: Path) -> None:
    package = copied(tmp_path / "sim")
    names = [kept_code.name_of_folder(package)]
    assert names == [kept_code.name_of_folder()]
    for path in sorted(package.rglob("*.py")):
        path.write_text(path.read_text() + "\n# changed\n")
        names.append(kept_code.name_of_folder(package))
    assert len({*names}) == len(names) > 50


def test_a_new_source_leads_to_another_folder(tmp_path: Path) -> None:
    package = copied(tmp_path / "sim")
    (package / "rules" / "new.py").touch()
    assert kept_code.name_of_folder(package) != kept_code.name_of_folder()


@pytest.mark.parametrize("module", ["numba", "numpy", "llvmlite"])
def test_another_version_leads_to_another_folder(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = kept_code.name_of_folder()
    monkeypatch.setattr(f"{module}.__version__", "99.0")
    assert kept_code.name_of_folder() != before


def test_another_python_processor_or_setting_leads_to_another_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [kept_code.name_of_folder()]
    monkeypatch.setattr("platform.python_version", lambda: "3.99.0")
    names.append(kept_code.name_of_folder())
    codegen = type(kept_code.cpu_target.target_context.codegen())
    monkeypatch.setattr(codegen, "_get_host_cpu_name", lambda _: "another")
    names.append(kept_code.name_of_folder())
    monkeypatch.setattr(numba.config, "BOUNDSCHECK", 1)
    names.append(kept_code.name_of_folder())
    assert len(set(names)) == 4


def test_without_sources_there_is_no_name(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no sources"):
        kept_code.name_of_folder(tmp_path)


def imported_names(path: Path) -> Iterator[tuple[str, str]]:
    """Module of this project and name, of all that a file imports when it is loaded."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "sim":
            yield from ((node.module, name.name) for name in node.names)


def home_of(module: str, name: str) -> Path:
    """The file in which a name gets its value, through all that pass it on."""
    path = PACKAGE.parent / module.replace(".", "/")
    if (path / f"{name}.py").exists():
        return path / f"{name}.py"
    if (path / name / "__init__.py").exists():
        return path / name / "__init__.py"
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    for other, passed_on in imported_names(path):
        if passed_on == name:
            return home_of(other, name)
    return path


def test_all_that_compiled_code_takes_values_from_is_part_of_the_name() -> None:
    hashed = {path for pattern in kept_code.SOURCES for path in PACKAGE.glob(pattern)}
    marks = ("@kernel", "@inlined", "@entry", "@compiled", "register_jitable(")
    kernels = {path for path in PACKAGE.rglob("*.py") if any(mark in path.read_text() for mark in marks)}
    # Handles hide from a signature how a record is laid out: the sections of a scenario whose keys it holds count too.
    kernels.add(PACKAGE / "engine" / "layout.py")
    values = {home_of(*imported) for path in kernels for imported in imported_names(path)}
    assert len(kernels) > 15
    assert kernels | values <= hashed


# --- where it lies ---


def test_it_lies_in_the_users_cache_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = opened()
    assert folder == home / ".cache" / "border-sim" / "compiled" / kept_code.name_of_folder()
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "elsewhere"))
    assert opened() == home / "elsewhere/border-sim/compiled" / kept_code.name_of_folder()
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert opened() == folder


def test_what_is_made_is_for_this_user_alone(home: Path) -> None:
    before = os.umask(0o000)
    try:
        folder = opened()
    finally:
        os.umask(before)
    assert folder is not None
    made = [folder, *list(folder.parents)[:3]]
    assert made[-1] == home / ".cache"
    assert {permissions(path) for path in made} == {0o700}


def test_a_users_own_setting_of_numba_is_not_touched(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    own = toy.path.parent / "own"
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(own))
    toy.start()(21)
    assert str(own) == numba.config.CACHE_DIR
    assert not own.exists()
    theirs = toy.module().pause  # a function of theirs, kept by numba alone
    numba.njit(cache=True)(theirs)
    assert own.exists()


def test_it_stays_when_numba_is_told_to_look_elsewhere(toy: Toy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numba.config, "CACHE_LOCATOR_CLASSES", "InTreeCacheLocator", raising=False)
    toy.start()(21)
    assert toy.files()
    assert numba.config.CACHE_LOCATOR_CLASSES == "InTreeCacheLocator"


def test_where_nothing_is_to_be_compiled_functions_stay_as_they_are() -> None:
    def plain(x: int) -> int:
        return x

    assert kept("nothing", 1)(plain) is plain


def is_a_file(home: Path) -> None:
    (home / ".cache").write_text("")


def is_read_only(home: Path) -> None:
    """As on a read-only disk, for root too."""
    (home / ".cache").symlink_to("/proc")


def belongs_to_others(home: Path) -> None:
    store.make_private(home / ".cache/border-sim/compiled")
    (home / ".cache/border-sim/compiled").chmod(0o770)


def lies_where_all_may_write(home: Path) -> None:
    store.make_private(home / ".cache/border-sim")
    (home / ".cache").chmod(0o777)


UNFIT = [is_a_file, is_read_only, belongs_to_others, lies_where_all_may_write]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize("unfit", UNFIT, ids=lambda unfit: unfit.__name__)
def test_an_unfit_place_gives_way_to_temporary_files(home: Path, unfit: object, toy: Toy) -> None:
    unfit(home)  # type: ignore[operator]
    messages: list[str] = []
    function = toy.start()
    folder = kept_code.open_cache(messages.append)
    assert folder is not None
    assert folder.parents[1] == Path(tempfile.gettempdir()) / f"border-sim-{os.geteuid()}"
    assert permissions(folder.parents[1]) == permissions(folder.parent) == permissions(folder) == 0o700
    (line,) = messages
    assert str(folder) in line
    assert str(home) in line or "/proc" in line
    assert "BORDER_SIM_CACHE=" in line
    assert function(21) == 42
    again = toy.start()
    assert again(21) == 42
    assert was_read(again)


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize("how", ["open", "link", "others"])
def test_others_folders_among_the_temporary_files_are_not_used(
    home: Path, toy: Toy, how: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    is_a_file(home)
    waiting = Path(tempfile.gettempdir()) / f"border-sim-{os.geteuid()}"
    if how == "link":
        (tmp_path / "trap").mkdir(mode=0o700)
        waiting.symlink_to(tmp_path / "trap")
    else:
        waiting.mkdir(mode=0o755 if how == "open" else 0o700)
    if how == "others":
        # Folders keep their owner, this process takes another user's number: both names are of that number.
        user = os.geteuid() + 1
        waiting.rename(waiting.with_name(f"border-sim-{user}"))
        monkeypatch.setattr(os, "geteuid", lambda: user)
    messages: list[str] = []
    function = toy.start()
    assert kept_code.open_cache(messages.append) is None
    (line,) = messages
    assert "compiled anew at each start, some" in line
    assert function(21) == 42
    assert not is_warm(function)
    assert not toy.files()
    assert not [path for path in tmp_path.glob("t*/**/*") if path.is_file()]


def test_without_a_home_there_are_temporary_files(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody_knows() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nobody_knows)
    messages: list[str] = []
    kept_code.cache_folder.cache_clear()
    assert kept_code.open_cache(messages.append) is not None
    assert "Could not determine home directory" in messages[0]


# --- what has had its time ---


def aged(folder: Path, days: float) -> Path:
    folder.mkdir(parents=True)
    (folder / "code").write_text("")
    then = time.time() - days * 86_400
    os.utime(folder, (then, then))
    return folder


def test_folders_unused_for_long_are_removed_and_no_other(toy: Toy) -> None:
    place = toy.place / "compiled"
    present = aged(place / kept_code.name_of_folder(), days=400)
    old = aged(place / ("a" * 32), days=31)
    recent = aged(place / ("b" * 32), days=29)
    foreign = aged(place / "thesis", days=400)
    for folder in (toy.place, place, present):
        folder.chmod(0o700)
    link = place / ("c" * 32)
    link.symlink_to(foreign)
    os.utime(link, (0, 0), follow_symlinks=False)
    toy.start()(21)
    assert not old.exists()
    assert all(path.exists() for path in (present / "code", recent, foreign / "code", link))
    assert time.time() - present.stat().st_mtime < 3600


# --- the engine itself: one compile here, one in tests/faults ---

WARM = """
import sys
from sim.engine.engine import has_to_be_compiled, is_warm, warm_up
print(is_warm(), has_to_be_compiled())
warm_up(print)
print(is_warm(), has_to_be_compiled())
print("scipy.linalg" in sys.modules)
"""
PLAY = """
import numpy as np
from small_case import small_world
from sim.engine.engine import Engine
from sim.engine.replications import run_replications
assert len(Engine(small_world()).run(1, np.arange(20))) == 20
print(len(run_replications.signatures), sum(run_replications.stats.cache_hits.values()))
"""


def told_by(script: str) -> tuple[list[str], str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines(), done.stderr


@pytest.mark.long
def test_the_engine_is_compiled_once_before_there_is_a_world(toy: Toy) -> None:
    to_be = "compiling the engine: once, some 20 s"
    assert told_by(WARM) == (["False True", "True False", "True"], f"{to_be}\n")
    # All that numba can compile is loaded where it compiles, and not where it reads what was compiled.
    assert told_by(WARM) == (["True False", "True False", "False"], "")
    assert told_by(PLAY) == (["1 1"], "compiling the terrain's functions: once, some 8 s\n")
