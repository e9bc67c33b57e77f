"""Names for what is kept: a hash of the files that it was made by, and of all else that it depends on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def fingerprint(folder: Path, patterns: Iterable[str], *facts: object) -> str:
    """Hash of the names and contents of files, and of facts as they are written out.

    Parameters
    ----------
    folder:
        In which the files are.
    patterns:
        Of their names below it.

    Returns
    -------
    str
        32 hexadecimal digits.

    Raises
    ------
    OSError
        When a file cannot be read, or there is none.
    """
    mark = hashlib.sha256(repr(facts).encode())
    paths = sorted({path for pattern in patterns for path in folder.glob(pattern)})
    if not paths:
        raise FileNotFoundError(f"no sources in {folder}")
    for path in paths:
        text = path.read_bytes()
        mark.update(f"{path.relative_to(folder).as_posix()} {len(text)}\n".encode() + text)
    return mark.hexdigest()[:32]
