"""A file or an argument of somebody else's runs no code, reads no secret, and writes only in the output folder."""

from __future__ import annotations

import html
from pathlib import Path

import pytest

from sim.__main__ import main

SMALL = "name: mine\n"
SCRIPT = "<script>alert(1)</script>"


def files_under(folder: Path) -> set[Path]:
    return {path.relative_to(folder) for path in folder.rglob("*")}


def refused(capsys, tmp_path, *words):
    """Run with the words; see that it was refused with one line, that nothing was written, and return the line."""
    before = files_under(tmp_path)
    assert main([f"output={tmp_path / 'out'}", *words]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    print(lines[0])
    assert files_under(tmp_path) == before
    return lines[0]


FILES = {
    "a target": SMALL + "outpost: {_target_: os.system, _args_: ['touch SCAR']}\n",
    "a target at the top": SMALL + "_target_: os.system\n_args_: ['touch SCAR']\n",
    "a target in a list": SMALL + "posts: [{_target_: os.system, _args_: ['touch SCAR']}]\n",
    "a tag that calls": SMALL + "title: !!python/object/apply:os.system ['touch SCAR']\n",
    "a tag that imports": SMALL + "title: !!python/name:os.system\n",
    "the environment": SMALL + "doubts: ['${oc.env:SECRET}']\n",
    "the environment in a key": SMALL + "outpost: {name: '${oc.env:SECRET}'}\n",
    "the environment across lines": SMALL + 'title: "$\\\n  {oc.env:SECRET}"\n',
    "the environment, escaped": SMALL + 'title: "\\x24{oc.env:SECRET}"\n',
    "the environment, escaped twice": SMALL + 'title: "$\\x7boc.env:SECRET}"\n',
    "a search path": SMALL + "hydra: {searchpath: ['file:///tmp']}\n",
    "a job's folder": SMALL + "hydra: {run: {dir: /tmp/SCAR}}\n",
    "hydra in the defaults": "defaults: [{override /hydra/launcher: joblib}]\n" + SMALL,
    "a file elsewhere in the defaults": "defaults: [../../../../../../etc/passwd]\n" + SMALL,
    "a group of the environment": "defaults: [{override /terrain: '${oc.env:SECRET}'}]\n" + SMALL,
}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES.keys())
def test_a_file_runs_nothing(capsys, tmp_path, monkeypatch, text):
    monkeypatch.setenv("SECRET", "flat")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "case.yaml").write_text(text.replace("SCAR", str(tmp_path / "scar")), encoding="utf-8")
    line = refused(capsys, tmp_path, "experiment=case.yaml", "replications=1")
    assert "Traceback" not in line
    assert "duplicate" not in line


WORDS = [
    "outpost.name=${oc.env:SECRET}",
    "terrain=${oc.env:SECRET}",
    "+outpost._target_=os.system",
    "outpost._target_=os.system",
    "+posts.0._target_=os.system",
    "hydra.searchpath=[file:///tmp]",
    "+hydra.run.dir=/tmp",
    "experiment=../../../../../../etc/passwd",
    "terrain=../../setup",
    "title=!!python/name:os.system",
]


@pytest.mark.parametrize("word", WORDS)
def test_an_argument_runs_nothing(capsys, tmp_path, monkeypatch, word):
    monkeypatch.setenv("SECRET", "flat")
    monkeypatch.chdir(tmp_path)
    refused(capsys, tmp_path, word, "replications=1")
    assert files_under(tmp_path) == set()


def test_names_are_escaped_in_the_page_and_nothing_lies_outside_the_folder(tmp_path, monkeypatch, capsys, small_case):
    case = small_case.replace("title: A small case", f"title: '{SCRIPT} title'")
    case = case.replace("doubts: []", f"doubts: ['{SCRIPT} doubt']")
    case = case.replace("with_outpost: {", f"with_outpost: {{description: '{SCRIPT} arm', ")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "case.yaml").write_text(case, encoding="utf-8")
    status = main(["experiment=case.yaml", "replications=10", "execution=serial", "output=out"])
    assert status == 0, capsys.readouterr().err
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert SCRIPT not in page
    assert f"{html.escape(SCRIPT)} title" in page
    assert f"{html.escape(SCRIPT)} doubt" in page
    assert {path.name for path in tmp_path.iterdir()} == {"case.yaml", "out"}
