"""A small function whose compiled code is kept, in a file of its own, so that tests need not compile the engine."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sim.cache import kept_code
from sim.cache.store import entries

TEXT = """\
import os
import time

import numba
from numba.extending import overload

from sim.cache.kept_code import kept


def pause():
    pass


@overload(pause)
def _pause():
    # This runs while the function is compiled.
    if "TOY_SECONDS" in os.environ:
        print("compiling", flush=True)
        time.sleep(float(os.environ["TOY_SECONDS"]))
    return lambda: None


@kept("the toy", seconds=1)
@numba.njit(error_model="numpy")
def twice(x):
    pause()
    return x + x


if __name__ == "__main__":
    import sys

    for word in sys.argv[1:]:
        x = float(word) if "." in word else int(word)
        assert twice(x) == 2 * x
    hits = sum(twice.stats.cache_hits.values())
    print("read", hits)
"""


class Toy:
    """The toy's file, and its cache.

    Parameters
    ----------
    folder:
        In which both lie.
    """

    def __init__(self, folder: Path) -> None:
        self.path, self.place = folder / "toy.py", folder / "cache"
        self.path.write_text(TEXT, encoding="utf-8")

    def start(self) -> Any:
        """The function as a new process has it: with nothing compiled or read so far."""
        kept_code.cache_folder.cache_clear()
        kept_code.announced.clear()
        return self.module().twice

    def module(self) -> ModuleType:
        """The file, run anew."""
        spec = importlib.util.spec_from_file_location("toy", self.path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def files(self) -> list[Path]:
        """Files of compiled code."""
        folders = [path for path in self.place.rglob("*") if path.is_dir()]
        return sorted(path for folder in folders for path in entries(folder) if path.is_file())

    def the_file(self) -> Path:
        """The only one of them."""
        (path,) = self.files()
        return path


def was_read(function: Any) -> bool:
    """Whether all that was called of a function came from its cache, and something did."""
    return bool(function.stats.cache_hits) and not function.stats.cache_misses


def toy_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Toy]:
    """A toy with a cache of its own, for a fixture; what this process knows of caches is forgotten before and after.

    A run in this process, of whatever test came before, may have left who listens to messages.
    """
    made = Toy(folder)
    monkeypatch.setenv("BORDER_SIM_CACHE", str(made.place))
    _forget()
    yield made
    _forget()


def _forget() -> None:
    kept_code.cache_folder.cache_clear()
    kept_code._listeners.clear()
    kept_code.announced.clear()
