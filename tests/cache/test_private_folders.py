"""Folders of the user's own: where they are, and what is refused."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from sim.cache.store import make_private, open_private, usual_root

POSIX = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no permissions")


def test_a_named_place_is_taken_before_the_usual_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BORDER_SIM_CACHE", str(tmp_path))
    assert usual_root() == tmp_path
    monkeypatch.delenv("BORDER_SIM_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert usual_root() == tmp_path / "border-sim"


@POSIX
def test_a_folder_is_made_for_this_user_alone(tmp_path: Path) -> None:
    folder = open_private(tmp_path / "a", "b", "c")
    assert folder == (tmp_path / "a" / "b" / "c").resolve()
    assert [path.stat().st_mode & 0o777 for path in (folder, folder.parent, folder.parent.parent)] == [0o700] * 3
    assert not list(folder.iterdir())
    os.utime(folder, (0, 0))
    open_private(tmp_path / "a", "b", "c")
    assert time.time() - folder.stat().st_mtime < 3600


@POSIX
@pytest.mark.parametrize("which", ["root", "root/kind", "root/kind/name"])
def test_a_folder_in_which_others_may_write_is_refused(tmp_path: Path, which: str) -> None:
    make_private(tmp_path / "root" / "kind" / "name")
    (tmp_path / which).chmod(0o770)
    with pytest.raises(PermissionError, match=rf"others have access to .*{which} \(chmod go-w ends that\)"):
        open_private(tmp_path / "root", "kind", "name")


def test_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "name").write_text("")
    with pytest.raises(OSError, match="name"):
        open_private(tmp_path, "name")
