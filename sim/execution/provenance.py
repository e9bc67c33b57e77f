"""Which code made a result: versions, commit, and a hash of the project's own source files."""

from __future__ import annotations

import hashlib
import platform
import subprocess
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).resolve().parents[1]
_DEPENDENCIES = ("numpy", "mesa", "pandas", "pyarrow", "border-sim")


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
    """A message when `asked` is other code than that of this process; None when the sources are equal.

    Versions of libraries rarely change a row, so they are named in the message but not compared.
    """
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

    None without git, without a commit, or when `root` (by default the folder that holds the package) is no checkout
    of its own: an installed package may well lie somewhere inside a checkout of something else.
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
