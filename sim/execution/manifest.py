"""The manifest of an output folder: what was run, with what, and how far it came."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.cache.atomic import atomic_write_text
from sim.execution.errors import StoreError
from sim.execution.provenance import commit, versions

MANIFEST_NAME = "manifest.json"
SCHEMA_VERSION = 2

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
    """SHA-256 of all that the rows depend on: study, experiment, seed and configuration.

    Left out are execution settings, the output folder and the number of replications. The order of keys does
    not matter, and 5 is 5.0.
    """
    identity = _identity(head.study, head.experiment, head.seed, head.configuration)
    return hashlib.sha256(_text(identity).encode()).hexdigest()


def differences(earlier: Mapping[str, Any], head: ManifestHead) -> list[str]:
    """What of an earlier manifest does not fit this run: ``key old -> new``, by dotted keys in order."""
    old = _leaves(_identity(*(earlier.get(key) for key in ("study", "experiment", "seed", "configuration"))))
    new = _leaves(_identity(head.study, head.experiment, head.seed, head.configuration))
    keys = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    return [f"{key} {_short(old.get(key))} -> {_short(new.get(key))}" for key in keys]


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
    """The manifest of an output folder.

    Raises
    ------
    StoreError
        When there is none, or none that this version can read.
    """
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
    kept = {key: value for key, value in configured.items() if key not in NO_DIFFERENCE}
    return {**kept, "study": study, "experiment": experiment, "seed": seed}


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


def _short(text: str | None) -> str:
    if text is None:
        return "(absent)"
    return text if len(text) <= 40 else text[:37] + "..."
