"""Folders of the user's own: where they are, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sim.cache.private import USED, RefusedError, make_private, open_private, usual_root

POSIX = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no permissions")


def test_a_named_place_is_taken_for_all_kinds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BORDER_SIM_CACHE", str(tmp_path))
    assert usual_root() == usual_root("compiled") == tmp_path
    monkeypatch.delenv("BORDER_SIM_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert usual_root() == tmp_path / "border-sim"
    assert usual_root("compiled") == tmp_path / "border-sim" / "compiled"


@POSIX
def test_a_folder_is_made_for_this_user_alone(tmp_path: Path) -> None:
    folder = open_private(tmp_path / "a" / "b", "c")
    assert folder == (tmp_path / "a" / "b" / "c").resolve()
    assert [path.stat().st_mode & 0o777 for path in (folder, folder.parent, folder.parent.parent)] == [0o700] * 3
    assert [path.name for path in folder.iterdir()] == [USED]


@POSIX
def test_a_folder_in_which_others_may_write_is_refused(tmp_path: Path) -> None:
    make_private(tmp_path / "root" / "name")
    (tmp_path / "root").chmod(0o770)
    with pytest.raises(RefusedError, match=r"others have access to .*root \(chmod go-w ends that\)"):
        open_private(tmp_path / "root", "name")


def test_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "name").write_text("")
    with pytest.raises(OSError, match="name"):
        open_private(tmp_path, "name")
