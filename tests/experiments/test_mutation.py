"""What the page of the mutants says is what was measured, and an unexplained survivor does not go unnoticed."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
import yaml

from experiments.mutation import measure

SHOWN = """\
# sim.rules.road.x_road_share__mutmut_3: survived
--- sim/rules/road.py
+++ sim/rules/road.py
@@ -1,3 +1,3 @@
     whole = end_min - start_min
-    return whole | start_min
+    return whole & start_min
"""
CHANGE = {"function": "sim.rules.road.road_share", "was": "return whole | start_min"}
CHANGE |= {"becomes": "return whole & start_min"}
NAMES = {f"sim.rules.road.x_road_share__mutmut_{k}": "killed" for k in (1, 2)}
NAMES |= {"sim.rules.road.x_road_share__mutmut_3": "survived", "sim.rules.choice.x_least__mutmut_1": "timeout"}


def test_the_page_says_what_was_measured(root: Path) -> None:
    folder = root / "experiments" / "mutation"
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    page = (folder / "README.md").read_text(encoding="utf-8")
    section = page.split(measure.BEGIN)[1].split(measure.END)[0]
    assert section.strip().splitlines() == measure.table_text(results)
    reasons = yaml.safe_load((folder / "equivalent.yaml").read_text(encoding="utf-8"))
    stated = [{key: mutant[key] for key in ("function", "was", "becomes", "why")} for mutant in results["survivors"]]
    assert sorted(stated, key=str) == sorted(reasons, key=str)


def test_a_row_by_hand() -> None:
    """Nine of twelve are caught, and one of the three others is equivalent: 9 of 11."""
    counts = Counter({"killed": 8, "timeout": 1, "survived": 1, "no tests": 2})
    assert measure.row_text("all", counts, 1) == "| all | 12 | 8 | 1 | 3 | 1 | 81.8 |"


def whole_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reasons: list[dict[str, str]]) -> int:
    (tmp_path / "equivalent.yaml").write_text(yaml.safe_dump(reasons), encoding="utf-8")
    (tmp_path / "README.md").write_text(f"before\n{measure.BEGIN}\nold\n{measure.END}\nafter\n", encoding="utf-8")
    listed = "".join(f"    {name}: {status}\n" for name, status in NAMES.items())
    monkeypatch.setattr(measure, "HERE", tmp_path)
    monkeypatch.setattr(measure, "run_mutants", lambda: 90.0)
    monkeypatch.setattr(measure, "version", lambda package: "3.8.1")
    monkeypatch.setattr(measure, "mutmut", lambda *words: listed if words[0] == "results" else SHOWN)
    return measure.main()


def test_an_explained_survivor_is_listed_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert whole_run(tmp_path, monkeypatch, [{**CHANGE, "why": "It is the same."}]) == 0
    page = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert page.startswith("before\n")
    assert page.endswith("\nafter\n")
    assert "old" not in page
    assert "| `choice.py` | 1 | 0 | 1 | 0 | 0 | 100.0 |" in page
    assert "| `road.py` | 3 | 2 | 0 | 1 | 1 | 100.0 |" in page
    assert r"`return whole \| start_min` | `return whole & start_min` | It is the same. |" in page


def test_a_survivor_without_a_reason_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert whole_run(tmp_path, monkeypatch, []) == 1
    assert "1 not explained; 0 reasons" in capsys.readouterr().err
    assert "| `road.py` | 3 | 2 | 0 | 1 | 0 | 66.7 |" in (tmp_path / "README.md").read_text(encoding="utf-8")


def test_a_reason_that_lost_its_mutant_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reasons = [{**CHANGE, "why": "It is the same."}, {**CHANGE, "was": "gone", "why": "It was the same."}]
    assert whole_run(tmp_path, monkeypatch, reasons) == 1
    assert "0 not explained; 1 reasons" in capsys.readouterr().err
