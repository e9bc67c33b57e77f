"""Tables that one run leaves to the next: the same as built anew, and never believed when anything is another."""

from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import numpy as np
import pytest
from every_leaf import same
from small_case import small_case

from sim.cache import store
from sim.cache.kept_code import cache_folder
from sim.cache.store import read_checked, write_checked
from sim.engine.engine import MultiArmEngine
from sim.scenario import Scenario
from sim.world import Tables, World, build_world
from sim.world import tables as module
from sim.world.tables import KINDS, SOURCES, cached_tables, key_of_ground

ARMS = ("without", "with_outpost")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where they are kept, in a folder of the test's own; compiled code stays where it is."""
    cache_folder()
    (tmp_path / "cache").mkdir(mode=0o700)
    monkeypatch.setenv("BORDER_SIM_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "tables"


def built(case: Scenario, *arms: str) -> tuple[list[World], dict[str, int]]:
    """Worlds as the command line builds them, and how many tables had to be built."""
    with cached_tables(case.terrain) as tables:
        worlds = [build_world(case, arm, tables) for arm in arms or ARMS]
    return worlds, {kind: times for kind, times in tables.built.items() if kind in (*KINDS, "graphs")}


def the_file(place: Path) -> Path:
    (path,) = place.iterdir()
    return path


def test_worlds_of_kept_tables_are_those_built_anew() -> None:
    anew, first = built(small_case())
    again, second = built(small_case())
    assert first.keys() >= {*KINDS}
    assert second == {}
    for one, other in zip(anew, again, strict=True):
        for name in World.__dataclass_fields__:
            if name != "memo":
                assert same(getattr(one, name), getattr(other, name)), name
    numbers = np.arange(50)
    assert MultiArmEngine(anew).run(1, numbers).equals(MultiArmEngine(again).run(1, numbers))


def test_what_rests_on_a_change_is_built_and_no_more() -> None:
    built(small_case())
    moved = small_case(**{"outpost.x_km": 4.0})
    assert built(moved)[1] == {"graphs": 1, "sight": 1, "travel": 1}
    assert built(moved)[1] == {}
    assert built(small_case(**{"outpost.range_km": 4.0, "command.report_delay_min": 50}))[1].keys() <= {
        "graphs",
        "sight",
        "travel",
    }


def test_what_the_last_run_did_not_use_is_let_go(place: Path) -> None:
    built(small_case())
    size = the_file(place).stat().st_size
    built(small_case(**{"outpost.x_km": 4.0}))
    assert the_file(place).stat().st_size == pytest.approx(size, rel=0.1)
    built(small_case(), "without")  # builds nothing, and so leaves all as it was
    assert built(small_case(**{"outpost.x_km": 4.0}))[1] == {}


def test_another_ground_is_another_file(place: Path) -> None:
    built(small_case())
    built(small_case(**{"terrain.cover.open.foot_factor": 0.9}))
    assert len(list(place.iterdir())) == 2
    assert built(small_case())[1] == built(small_case(**{"terrain.cover.open.foot_factor": 0.9}))[1] == {}


@pytest.mark.parametrize(
    "damage",
    [
        lambda written: written[:-1],
        lambda written: b"",
        lambda written: written[:5000] + bytes([written[5000] ^ 4]) + written[5001:],
        lambda written: written.partition(b"\n")[2],
    ],
)
def test_what_is_not_whole_is_built_anew_and_mended(place: Path, damage: Callable[[bytes], bytes]) -> None:
    _, first = built(small_case())
    path = the_file(place)
    path.write_bytes(damage(path.read_bytes()))
    assert built(small_case())[1] == first
    assert built(small_case())[1] == {}


@pytest.mark.parametrize("content", [b"no pickle", pickle.dumps([1, 2]), b"csim.world.nowhere\nGone\n."])
def test_what_is_whole_and_no_tables_is_built_anew_and_mended(place: Path, content: bytes) -> None:
    _, first = built(small_case())
    write_checked(the_file(place), content)
    assert built(small_case())[1] == first
    assert built(small_case())[1] == {}


def test_every_changed_source_or_version_is_another_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "sim"
    shutil.copytree(module.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(module, "PACKAGE", package)
    keys = [key_of_ground("ground")]
    assert key_of_ground("ground") == keys[0]
    keys.append(key_of_ground("other ground"))
    for path in sorted(path for pattern in SOURCES for path in package.glob(pattern)):
        path.write_text(path.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
        keys.append(key_of_ground("ground"))
    monkeypatch.setattr(store, "version", lambda library: "99")
    keys.append(key_of_ground("ground"))
    monkeypatch.setattr(module, "machine", lambda: {"processor": "another"})
    keys.append(key_of_ground("ground"))
    assert len({*keys}) == len(keys) > 50


def test_all_code_that_builds_worlds_counts() -> None:
    code = "import sys, sim.world.build; print(*(m.__file__ for n, m in sys.modules.items() if n.startswith('sim.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    used = {Path(name).resolve() for name in done.stdout.split()}
    counted = {path for pattern in SOURCES for path in module.PACKAGE.glob(pattern)}
    assert len(used) > 40
    assert used <= counted


def test_a_run_that_fails_leaves_nothing(place: Path) -> None:
    def fail() -> None:
        with cached_tables(small_case().terrain) as tables:
            build_world(small_case(), "without", tables)
            raise ValueError("no ford")

    with pytest.raises(ValueError, match="no ford"):
        fail()
    assert not list(place.glob("*"))


def test_where_nothing_can_be_kept_worlds_are_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BORDER_SIM_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "file"))
    assert built(small_case())[1] == built(small_case())[1] != {}


def test_where_a_library_does_not_tell_its_version_worlds_are_built(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(library: str) -> str:
        raise PackageNotFoundError(library)

    monkeypatch.setattr(store, "version", version)
    assert built(small_case())[1] == built(small_case())[1] != {}


def test_what_is_larger_than_the_room_is_not_kept(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROOM_MB", 0.01)
    assert built(small_case())[1] == built(small_case())[1] != {}
    assert not list(place.glob("*"))


def test_what_is_taken_in_counts_to_the_room_in_memory() -> None:
    tables = Tables(limit_mb=1.0)
    tables.take({("sight", letter): np.zeros(100_000) for letter in "ab"})
    tables.by_content("sight", ("c",), lambda: np.zeros(1))
    assert next(letter for _, letter in tables._kept) == "b"


def test_graphs_and_checks_are_not_kept(place: Path) -> None:
    built(small_case())
    content = read_checked(the_file(place))
    assert content is not None
    assert {kind for kind, _ in pickle.loads(content)} == {*KINDS}


def test_what_was_taken_in_and_never_wanted_is_not_used() -> None:
    tables = Tables()
    tables.take({("sight", "a"): 1, ("sight", "b"): 2})
    assert tables.used(KINDS) == {}
    tables.by_content("sight", ("c",), lambda: 3)
    tables.by_content("other", ("c",), lambda: 4)
    assert list(tables.used(KINDS).values()) == [3]
