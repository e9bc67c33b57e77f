"""The commit of a checkout, tried on one made for the purpose."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from sim.execution.provenance import commit, versions


def git(folder, *arguments):
    identity = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", "-C", folder, *identity, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_commit_and_changes(tmp_path):
    git(tmp_path, "init", "-q")
    assert commit(tmp_path) is None
    (tmp_path / "file").write_text("one")
    git(tmp_path, "add", "file")
    git(tmp_path, "commit", "-q", "-m", "one")
    git(tmp_path, "tag", "v1")
    head = git(tmp_path, "rev-parse", "HEAD")
    assert commit(tmp_path) == head
    (tmp_path / "file").write_text("two")
    assert commit(tmp_path) == head + "+changes"


def test_a_folder_inside_another_checkout_has_no_commit(tmp_path):
    inner = tmp_path / "site-packages"
    inner.mkdir()
    (tmp_path / ".git").mkdir()
    assert commit(inner) is None


def test_versions_of_what_is_not_installed_are_none(monkeypatch):
    monkeypatch.setattr("sim.execution.provenance._PACKAGES", ("numpy", "no-such-package-here"))
    found = versions()
    assert found["no-such-package-here"] is None
    assert found["numpy"]
