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
from small_case import small_case

from sim.cache.cache import cache_folder
from sim.cache.sealed import read_sealed, sealed
from sim.engine.playhouse import Playhouse
from sim.scenario import Scenario
from sim.world import Tables, World, build_world, kept_tables
from sim.world.kept_tables import KINDS, SOURCES, place_of

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
    with kept_tables.kept_tables(case.terrain) as tables:
        worlds = [build_world(case, arm, tables) for arm in arms or ARMS]
    return worlds, dict(tables.built)


def the_file(place: Path) -> Path:
    (path,) = place.glob("*.pickle")
    return path


def same(first: object, second: object) -> bool:
    """Whether two things are equal in every field, arrays to the bit and in their type."""
    if isinstance(first, np.ndarray):
        assert isinstance(second, np.ndarray)
        return first.dtype == second.dtype and first.shape == second.shape and first.tobytes() == second.tobytes()
    if isinstance(first, tuple | list):
        assert isinstance(second, tuple | list)
        return len(first) == len(second) and all(same(a, b) for a, b in zip(first, second, strict=True))
    if hasattr(first, "__dataclass_fields__"):
        return all(same(getattr(first, name), getattr(second, name)) for name in first.__dataclass_fields__)
    return bool(first == second)


def test_worlds_of_kept_tables_are_those_built_anew() -> None:
    anew, first = built(small_case())
    again, second = built(small_case())
    assert first.keys() >= {*KINDS}
    assert second == {}
    for one, other in zip(anew, again, strict=True):
        for name in World.__dataclass_fields__:
            if name != "parts":
                assert same(getattr(one, name), getattr(other, name)), name
    numbers = np.arange(50)
    assert Playhouse(anew).run(1, numbers).equals(Playhouse(again).run(1, numbers))


def test_what_rests_on_a_change_is_built_and_no_more() -> None:
    built(small_case())
    moved = small_case(**{"outpost.x_km": 4.0})
    assert built(moved)[1] == {"going": 1, "sight": 1, "travel": 1}
    assert built(moved)[1] == {}
    assert built(small_case(**{"outpost.range_km": 4.0, "command.report_delay_min": 50}))[1].keys() <= {
        "going",
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
    assert len(list(place.glob("*.pickle"))) == 2
    assert built(small_case())[1] == built(small_case(**{"terrain.cover.open.foot_factor": 0.9}))[1] == {}


@pytest.mark.parametrize(
    "damage",
    [
        lambda written: written[:-1],
        lambda written: b"",
        lambda written: written[:5000] + bytes([written[5000] ^ 4]) + written[5001:],
        lambda written: written.partition(b"\n")[2],
        lambda written: sealed(b"no pickle"),
        lambda written: sealed(pickle.dumps([1, 2])),
        lambda written: sealed(b"csim.world.nowhere\nGone\n."),
    ],
)
def test_what_is_not_whole_is_built_anew_and_mended(place: Path, damage: Callable[[bytes], bytes]) -> None:
    _, first = built(small_case())
    path = the_file(place)
    path.write_bytes(damage(path.read_bytes()))
    assert built(small_case())[1] == first
    assert built(small_case())[1] == {}


def test_a_changed_source_or_version_is_built_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "sim"
    shutil.copytree(kept_tables._PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(kept_tables, "_PACKAGE", package)
    names = [place_of("ground")]
    assert place_of("ground") == names[0]
    names.append(place_of("other ground"))
    with open(package / "scenario" / "load.py", "a", encoding="utf-8") as file:
        file.write("# changed\n")
    names.append(place_of("ground"))
    monkeypatch.setattr(kept_tables, "version", lambda library: "99")
    names.append(place_of("ground"))
    monkeypatch.setattr(kept_tables, "machine", lambda: {"processor": "another"})
    names.append(place_of("ground"))
    assert len({*names}) == 5
    assert None not in names


def test_all_code_that_builds_worlds_counts() -> None:
    code = "import sys, sim.world.build; print(*(m.__file__ for n, m in sys.modules.items() if n.startswith('sim.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    used = {Path(name).resolve() for name in done.stdout.split()}
    counted = {path for pattern in SOURCES for path in kept_tables._PACKAGE.glob(pattern)}
    assert len(used) > 50
    assert used <= counted


def test_a_run_that_fails_leaves_nothing(place: Path) -> None:
    def fail() -> None:
        with kept_tables.kept_tables(small_case().terrain) as tables:
            build_world(small_case(), "without", tables)
            raise ValueError("no ford")

    with pytest.raises(ValueError, match="no ford"):
        fail()
    assert not list(place.glob("*.pickle"))


def test_where_nothing_can_be_kept_worlds_are_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BORDER_SIM_CACHE", str(tmp_path / "file"))
    assert built(small_case())[1] == built(small_case())[1] != {}


def test_where_a_library_does_not_tell_its_version_worlds_are_built(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(library: str) -> str:
        raise PackageNotFoundError(library)

    monkeypatch.setattr(kept_tables, "version", version)
    assert built(small_case())[1] == built(small_case())[1] != {}


def test_what_is_larger_than_the_room_is_not_kept(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_tables, "ROOM_MB", 0.01)
    assert built(small_case())[1] == built(small_case())[1] != {}
    assert not list(place.glob("*.pickle"))


def test_what_is_taken_in_counts_to_the_room_in_memory() -> None:
    tables = Tables(limit_mb=1.0)
    tables.take({("sight", letter): np.zeros(100_000) for letter in "ab"})
    tables.get("sight", ("c",), lambda: np.zeros(1))
    assert next(letter for _, letter in tables._kept) == "b"


def test_graphs_and_checks_are_not_kept(place: Path) -> None:
    built(small_case())
    content = read_sealed(the_file(place))
    assert content is not None
    assert {kind for kind, _ in pickle.loads(content)} == {*KINDS}


def test_what_was_taken_in_and_never_wanted_is_not_used() -> None:
    tables = Tables()
    tables.take({("sight", "a"): 1, ("sight", "b"): 2})
    assert tables.used(KINDS) == {}
    tables.get("sight", ("c",), lambda: 3)
    tables.get("other", ("c",), lambda: 4)
    assert list(tables.used(KINDS).values()) == [3]
