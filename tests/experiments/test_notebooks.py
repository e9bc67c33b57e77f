"""All notebooks run from top to bottom, and the two files of each pair say the same."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

NAMES = ("getting_started", "mechanisms", "range_sweep", "shahrituz_2019")


def cells(notebook: nbformat.NotebookNode) -> list[tuple[str, str]]:
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def shown(notebook: nbformat.NotebookNode, ending: str) -> dict[str, str]:
    """What the cell that ends so shows of its last value, by type."""
    cell = next(cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.endswith(ending))
    data: dict[str, str] = next(output.data for output in cell.outputs if output.output_type == "execute_result")
    return data


@pytest.mark.parametrize("name", NAMES)
def test_both_files_of_a_pair_hold_the_same_cells(root: Path, name: str) -> None:
    folder = root / "experiments" / name
    script, notebook = jupytext.read(folder / "notebook.py"), jupytext.read(folder / "notebook.ipynb")
    assert cells(script) == cells(notebook), f"renew it: jupytext --to ipynb experiments/{name}/notebook.py"


@pytest.mark.parametrize("name", NAMES)
def test_the_notebook_is_kept_without_outputs(root: Path, name: str) -> None:
    notebook = jupytext.read(root / "experiments" / name / "notebook.ipynb")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert all(not cell.outputs and cell.execution_count is None for cell in code)


def printed(script: Path, folder: Path, environment: dict[str, str]) -> str:
    """What a notebook prints as a script; it warns of nothing and writes nothing."""
    command = [sys.executable, "-W", "error", str(script)]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert list(folder.iterdir()) == []
    return done.stdout


@pytest.mark.parametrize("name", ["mechanisms", "range_sweep"])
def test_the_script_runs_without_a_warning(root: Path, tmp_path: Path, environment: dict[str, str], name: str) -> None:
    printed(root / "experiments" / name / "notebook.py", tmp_path, {**environment, "REPLICATIONS": "3"})


def test_the_page_of_the_case_holds_the_table_that_its_script_prints(
    root: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    folder = root / "experiments" / "shahrituz_2019"
    told = printed(folder / "notebook.py", tmp_path, {**environment, "REPLICATIONS": "300"})
    rows = re.findall(r"^(\S.*?)((?: +-?\d+\.\d){5})$", told.split("300 pairs each\n")[1], re.MULTILINE)
    page = (folder / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| (.*?) \| (\d+\.\d \|.*) \|$", page, re.MULTILINE)
    assert len(rows) == len(lines) == 9
    for (name, found), (setting, stated) in zip(rows, lines, strict=True):
        assert name in setting
        assert re.findall(r"[-\d.]+", stated.replace("+", "")) == found.split(), setting


def test_a_notebook_runs_in_a_kernel_without_a_warning_and_shows_its_pictures(
    root: Path, tmp_path: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", environment["PYTHONPATH"])
    monkeypatch.setenv("REPLICATIONS", "3")
    monkeypatch.setenv("PYTHONWARNINGS", "default")
    monkeypatch.delenv("MPLBACKEND", raising=False)
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    here = tmp_path / "here"
    here.mkdir()
    notebook = jupytext.read(root / "experiments" / "getting_started" / "notebook.ipynb")
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": here}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    assert list(here.iterdir()) == []
    assert "image/png" in shown(notebook, "told.plot()")
    assert "image/png" in shown(notebook, "told.map()")
    assert "percentage points" in shown(notebook, "\ntold")["text/html"]
