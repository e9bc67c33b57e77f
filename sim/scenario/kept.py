"""What Hydra has composed, kept from one start to the next: to compose the same files anew takes nearly half a second.

A file is named by a hash of all that the composition depends on: the choices of groups, the configuration files, and
Hydra's version. It holds plain values as JSON, and is not read unless it is whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.keeping.private import open_private, usual_root
from sim.scenario.folder import config_folder

DAYS_KEPT = 30

Composed = dict[str, Any]


def kept(groups: Sequence[str], compose: Callable[[], Composed]) -> Composed:
    """The configuration that `compose` makes of choices of groups, read where it was kept, and kept where it was not.

    Where there is no place that is the user's own, nothing is kept, and nothing said: it only takes longer.
    """
    try:
        path = open_private(usual_root(), "composed") / f"{_fingerprint(groups)}.json"
    except (OSError, RuntimeError):
        return compose()
    found = _read(path)
    if found is None:
        found = compose()
        with contextlib.suppress(OSError):
            _write(path, found)
    return found


def _fingerprint(groups: Sequence[str]) -> str:
    versions = [version("hydra-core"), version("omegaconf"), version("pyyaml")]
    mark, folder = hashlib.sha256(json.dumps([list(groups), versions]).encode()), config_folder()
    for path in sorted(folder.rglob("*.yaml")):
        text = path.read_bytes()
        mark.update(f"{path.relative_to(folder).as_posix()} {len(text)}\n".encode() + text)
    return mark.hexdigest()


def _read(path: Path) -> Composed | None:
    """What a file holds; None where there is none, or where it is not what was written."""
    try:
        seal, _, text = path.read_text(encoding="utf-8").partition("\n")
        found = json.loads(text) if seal == _seal(text) else None
        os.utime(path)
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _write(path: Path, composed: Composed) -> None:
    """Keep a configuration that JSON can hold as it is, whole or not at all; throw away what was long not used."""
    text = json.dumps(composed)
    if json.loads(text) != composed:
        return
    with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".tmp", delete=False, encoding="utf-8") as file:
        file.write(f"{_seal(text)}\n{text}")
    os.replace(file.name, path)
    for other in (*path.parent.glob("*.json"), *path.parent.glob("*.tmp")):
        with contextlib.suppress(OSError):
            if time.time() - other.stat().st_mtime > DAYS_KEPT * 86_400:
                other.unlink()


def _seal(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
