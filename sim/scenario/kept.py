"""What Hydra has composed, kept from one start to the next: to compose the same files anew takes nearly half a second.

A file is named by a hash of all that the composition depends on: the choices of groups, the configuration files, and
Hydra's version. It holds plain values as JSON, and is not read unless it is whole.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any

from sim.cache.fingerprint import fingerprint
from sim.cache.private import open_private, usual_root
from sim.cache.sealed import keep_sealed, read_sealed
from sim.scenario.files import config_folder

Composed = dict[str, Any]


def kept(groups: Sequence[str], compose: Callable[[], Composed]) -> Composed:
    """The configuration that `compose` makes of choices of groups, read where it was kept, and kept where it was not.

    Where there is no place that is the user's own, nothing is kept, and nothing said: it only takes longer.
    """
    try:
        versions = [version("hydra-core"), version("omegaconf"), version("pyyaml")]
        name = fingerprint(config_folder(), ["**/*.yaml"], list(groups), versions)
        path = open_private(usual_root(), "composed") / f"{name}.json"
    except (OSError, RuntimeError, ImportError):  # the last where a library does not tell its version
        return compose()
    found = _plain(read_sealed(path))
    if found is None:
        found = compose()
        text = json.dumps(found)
        if json.loads(text) == found:  # else JSON cannot hold it as it is
            with contextlib.suppress(OSError):
                keep_sealed(path, text.encode())
    return found


def _plain(text: bytes | None) -> Composed | None:
    """The configuration that was written down as a text, if it was."""
    with contextlib.suppress(ValueError):
        found = json.loads(text) if text is not None else None
        return found if isinstance(found, dict) else None
    return None
