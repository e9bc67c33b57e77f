"""An experiment in a YAML file of the user's own, put on Hydra's search path for one composition."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.scenario.base import ScenarioError, one_line

SUFFIXES = (".yaml", ".yml")
NAME = "own_file"


@contextmanager
def own_experiment(groups: Sequence[str]) -> Iterator[tuple[list[str], Path | None]]:
    """Group choices in which `experiment=PATH.yaml` has become a name, and the folder where it is found.

    Raises
    ------
    ScenarioError
        For more than one experiment, or a file that is missing, unreadable, broken, or no mapping of plain values.
    """
    paths = [Path(word.partition("=")[2]) for word in groups if word.startswith("experiment=")]
    if len(paths) > 1:
        raise ScenarioError("experiment", f"is given {len(paths)} times; allowed: once")
    if not paths or paths[0].suffix not in SUFFIXES:
        yield list(groups), None
        return
    text = _checked_text(paths[0])
    with tempfile.TemporaryDirectory(prefix="border-sim-") as name:
        folder = Path(name)
        (folder / "experiment").mkdir()
        (folder / "experiment" / f"{NAME}.yaml").write_text(text, encoding="utf-8")
        others = [word for word in groups if not word.startswith("experiment=")]
        yield [*others, f"experiment={NAME}"], folder


def _checked_text(path: Path) -> str:
    import yaml

    if not path.is_file():
        raise ScenarioError("experiment", f"no such file: {path}")
    try:
        text = path.read_text(encoding="utf-8")
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise ScenarioError("experiment", f"{path} is broken YAML{where}: {one_line(error)}") from None
    except (OSError, ValueError) as error:
        raise ScenarioError("experiment", f"cannot read {path}: {one_line(error)}") from None
    if not isinstance(data, dict):
        raise ScenarioError("experiment", f"{path} holds {str(data)[:40]!r}; allowed: a mapping of keys")
    if "hydra" in data:
        raise ScenarioError("hydra", f"Hydra's own settings cannot be changed in {path}")
    if "${" in text or _interpolates(data):
        raise ScenarioError("experiment", f"{path} holds an interpolation (${{...}}); allowed: plain values")
    return text if "@package" in text.split("\n", 1)[0] else "# @package _global_\n" + text


def _interpolates(data: Any) -> bool:
    """Whether any text in the data holds an interpolation, which YAML lets one spell in other ways too."""
    if isinstance(data, dict):
        return any(_interpolates(part) for pair in data.items() for part in pair)
    if isinstance(data, (list, tuple)):
        return any(_interpolates(part) for part in data)
    return isinstance(data, str) and "${" in data
