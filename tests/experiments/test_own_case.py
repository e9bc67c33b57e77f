"""The case of one's own that docs/OWN_CASE.md shows runs as it is shown."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import sim

CASE = "experiments/own_case/case.yaml"


def test_the_command_of_the_document_writes_a_report(root: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    output = tmp_path / "results"
    words = [f"experiment={CASE}", "replications=20", f"output={output}", "execution=serial"]
    done = subprocess.run(
        [sys.executable, "-m", "sim", *words], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    summary = json.loads((output / "summary.json").read_text(encoding="utf-8"))
    assert list(summary["arms"]) == ["without", "with_outpost"]
    assert summary["effects"]["with_outpost"]["interdiction"]["pairs"] == 40
    assert sum(summary["ledger"]["with_outpost"].values()) == 40
    assert (output / "report.html").stat().st_size > 0


def test_nothing_of_the_default_case_is_left_in_it(root: Path) -> None:
    case = sim.load_scenario(str(root / CASE))
    assert [post.name for post in case.posts] == ["oldtown"]
    assert list(case.arms) == ["without", "with_outpost"]
    assert case.doubts == ()
    assert [group.kind for group in case.infiltrators.groups] == ["smugglers", "smugglers"]
    assert not case.inland.enabled


def test_the_document_shows_the_file_as_it_is(root: Path) -> None:
    text = (root / CASE).read_text(encoding="utf-8")
    assert f"```yaml\n{text}```" in (root / "docs" / "OWN_CASE.md").read_text(encoding="utf-8")


def test_the_page_states_what_its_run_found(root: Path) -> None:
    found = sim.compare(sim.load_scenario(str(root / CASE)), replications=400, seed=1, quiet=True).summary()
    effect = found["effects"]["with_outpost"]["interdiction"]
    low, high = effect["ci95"]
    shares = [found["arms"][arm]["interdiction"] for arm in ("with_outpost", "without")]
    page = " ".join((root / "experiments" / "own_case" / "README.md").read_text(encoding="utf-8").split())
    assert f"{100 * shares[0]:.1f} % of the parties are stopped with the second post" in page
    assert f"and {100 * shares[1]:.1f} % without: {100 * effect['difference']:.1f} percentage points" in page
    assert f"{100 * low:+.1f} to {100 * high:+.1f}" in page
