"""Which code a process runs: equal on two machines only if every source file of the project is."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from sim.execution.provenance import versions

PACKAGE = Path(__file__).resolve().parents[1]


class Code(NamedTuple):
    """A hash of the project's own source files, and versions of what else a result can depend on."""

    sources: str
    versions: str

    def __str__(self) -> str:
        """For people: as much of the hash as tells two apart."""
        return f"{self.sources[:12]} ({self.versions})"


@cache
def own_code() -> Code:
    """The code of this process, as its files were when it first asked."""
    return Code(source_hash(PACKAGE), ", ".join(f"{name} {version}" for name, version in versions().items()))


def source_hash(package: Path) -> str:
    """SHA-256 of all Python files below a folder, with their places in it; ends of lines count for nothing."""
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py"), key=lambda path: path.relative_to(package).as_posix()):
        text = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{path.relative_to(package).as_posix()} {len(text)}\n".encode() + text)
    return digest.hexdigest()


def difference_from(asked: Code) -> str | None:
    """What to say when the asker runs other code than this process; None when it is the same.

    Only the sources must be equal. A library's version rarely changes a row, and is named in case it did.
    """
    mine = own_code()
    if mine.sources == asked.sources:
        return None
    return f"a worker runs other code than the process that asks: sources {mine} there, {asked} here; install the same"
