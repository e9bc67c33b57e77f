"""The manifest of an output folder: what was run, by which code, and how far it came."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from sim.cache.atomic import atomic_write_text
from sim.execution.errors import StoreError, shortened
from sim.outcomes import SCHEMA_VERSION

PACKAGE = Path(__file__).resolve().parents[1]
_DEPENDENCIES = ("numpy", "mesa", "pandas", "pyarrow", "border-sim")

MANIFEST_NAME = "manifest.json"

NO_DIFFERENCE = frozenset({"execution", "output", "replications", "progress", "hydra"})
"""Top keys of a configuration that change no row, and so may differ between a run and its continuation."""


@dataclass(frozen=True)
class ManifestHead:
    """What a run is: names as on the command line, the seed, how many replications are wanted in all.

    `configuration` is everything else, as JSON knows it (dicts, lists, strings, finite numbers, booleans, None).
    """

    study: str
    experiment: str
    seed: int
    replications: int
    configuration: Mapping[str, Any] = field(default_factory=dict)


def configuration_hash(head: ManifestHead) -> str:
    """SHA-256 of all that the rows depend on (not of keys in `NO_DIFFERENCE`), in any order of keys; 5 is 5.0."""
    identity = _identity(head.study, head.experiment, head.seed, head.configuration)
    return hashlib.sha256(_text(identity).encode()).hexdigest()


def differences(earlier: Mapping[str, Any], head: ManifestHead) -> list[str]:
    """What of an earlier manifest does not fit this run: ``key old -> new``, by dotted keys in order."""
    old = _leaves(_identity(*(earlier.get(key) for key in ("study", "experiment", "seed", "configuration"))))
    new = _leaves(_identity(head.study, head.experiment, head.seed, head.configuration))
    absent = "(absent)"
    keys = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    return [f"{key} {shortened(old.get(key, absent))} -> {shortened(new.get(key, absent))}" for key in keys]


def new_manifest(head: ManifestHead) -> dict[str, Any]:
    """The manifest of a run about to begin."""
    return {
        "schema_version": SCHEMA_VERSION,
        "study": head.study,
        "experiment": head.experiment,
        "seed": head.seed,
        "replications": head.replications,
        "state": "running",
        "problem": None,
        "digest": None,
        "started": now(),
        "ended": None,
        "wall_seconds": 0.0,
        "versions": versions(),
        "commit": commit(),
        "configuration_hash": configuration_hash(head),
        "configuration": dict(head.configuration),
    }


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of an output folder; a `StoreError` says that there is none, or none that this version can read."""
    path = folder / MANIFEST_NAME
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StoreError(f"{folder} holds no {MANIFEST_NAME}: it is not the output of a run") from None
    except (OSError, ValueError) as error:
        raise StoreError(f"{path} cannot be read ({error}); give another output=") from error
    if not isinstance(manifest, dict) or manifest.get("schema_version") != SCHEMA_VERSION:
        raise StoreError(f"{path} has not the schema_version {SCHEMA_VERSION} of this program; give another output=")
    for key, kind in (("configuration_hash", str), ("wall_seconds", float)):
        if not isinstance(manifest.get(key), kind):
            raise StoreError(f"{path} has no proper {key}; give another output=")
    return manifest


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest, whole or not at all."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False)
    atomic_write_text(folder / MANIFEST_NAME, text + "\n")


def now() -> str:
    """The time in UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _identity(study: Any, experiment: Any, seed: Any, configuration: Any) -> dict[str, Any]:
    configured = configuration if isinstance(configuration, Mapping) else {}
    rows_depend_on = {key: value for key, value in configured.items() if key not in NO_DIFFERENCE}
    return {**rows_depend_on, "study": study, "experiment": experiment, "seed": seed}


def _text(value: Any) -> str:
    return json.dumps(_plain(value), sort_keys=True, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _leaves(value: Any, key: str = "") -> dict[str, str]:
    entries: Any = ()
    if isinstance(value, Mapping):
        entries = value.items()
    elif isinstance(value, (list, tuple)):
        entries = enumerate(value)
    if not entries:
        return {key: _text(value)}
    leaves: dict[str, str] = {}
    for name, entry in entries:
        leaves |= _leaves(entry, f"{key}.{name}" if key else str(name))
    return leaves


class CodeVersion(NamedTuple):
    """A hash of the project's own source files, and versions of what else a result can depend on."""

    sources: str
    versions: str

    def __str__(self) -> str:
        """For people: enough of the hash to distinguish two."""
        return f"{self.sources[:12]} ({self.versions})"


@cache
def code_version() -> CodeVersion:
    """The code of this process, as its files were at the first call."""
    return CodeVersion(source_hash(PACKAGE), ", ".join(f"{name} {version}" for name, version in versions().items()))


def source_hash(package: Path) -> str:
    """SHA-256 of all Python files below a folder and their relative paths, whatever their line endings."""
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py"), key=lambda path: path.relative_to(package).as_posix()):
        text = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.relative_to(package).as_posix()} {len(text)}\n".encode() + text)
    return digest.hexdigest()


def code_mismatch(asked: CodeVersion) -> str | None:
    """A message when `asked` has other sources than this process; versions of libraries rarely change a row."""
    mine = code_version()
    if mine.sources == asked.sources:
        return None
    return f"a worker runs other code than the process that asks: sources {mine} there, {asked} here; install the same"


def versions() -> dict[str, str | None]:
    """Versions of Python and of the packages that a result can depend on; None for what is not installed."""
    return {"python": platform.python_version()} | {name: _version(name) for name in _DEPENDENCIES}


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def commit(root: Path | None = None) -> str | None:
    """The git commit of the checkout that the code runs from, with ``+changes`` if tracked files differ from it.

    None without git or commit, or when `root` (of the package) is no checkout of its own: it may lie inside another.
    """
    root = root or PACKAGE.parent
    if not (root / ".git").exists():
        return None
    command = ["git", "-C", str(root), "describe", "--always", "--abbrev=40", "--exclude=*", "--dirty=+changes"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, stdin=subprocess.DEVNULL, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None
