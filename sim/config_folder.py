"""Where the configurations are that come with the project, and which studies there are."""

from __future__ import annotations

from pathlib import Path


def config_folder() -> Path:
    """Beside the package in a checkout, inside it when installed."""
    package = Path(__file__).resolve().parent
    return next(path for path in (package.parent / "configs", package / "configs") if (path / "config.yaml").exists())


def options(group: str) -> list[str]:
    """Names of the files of one group, sorted."""
    folder = config_folder() / group
    return sorted(str(path.relative_to(folder).with_suffix("")) for path in folder.rglob("*.yaml"))


def groups_of_files() -> frozenset[str]:
    """Names of the groups; `KEY=NAME` chooses one of a group's files."""
    return frozenset(path.name for path in config_folder().iterdir() if path.is_dir())


def study_names() -> tuple[str, ...]:
    """The files of ``configs/study`` that have a folder of `sim.study`, in alphabetical order."""
    folder = Path(__file__).resolve().parent / "study"
    return tuple(name for name in options("study") if (folder / name / "study.py").exists())
