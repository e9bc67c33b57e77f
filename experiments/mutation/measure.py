"""Break the rules on purpose, one small change at a time, and see which breaks the tests of the rules let pass.

Run by `make mutation`, or `python experiments/mutation/measure.py` where the extra `mutation` is installed. Writes
results.json and the section with numbers of README.md. Ends with 1 if a mutant survived for which equivalent.yaml has
no reason, or if a reason there belongs to no survivor any more.
"""

from __future__ import annotations

import json
import platform
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BEGIN, END = "<!-- written by measure.py: begin -->", "<!-- written by measure.py: end -->"
NAME = re.compile(r"(?P<module>sim\.rules\.\w+)\.x_(?P<function>\w+)__mutmut_\d+")
CAUGHT = ("killed", "timeout")
"""A mutant that does not come to an end is caught as well: the test that hangs would be seen."""


def mutmut(*words: str) -> str:
    """What a command of mutmut prints."""
    command = [sys.executable, "-m", "mutmut", *words]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def run_mutants() -> float:
    """Make all mutants and run the tests on each, from nothing; seconds that it took."""
    shutil.rmtree(ROOT / "mutants", ignore_errors=True)
    begun = time.monotonic()
    subprocess.run([sys.executable, "-m", "mutmut", "run"], cwd=ROOT, check=True)
    return time.monotonic() - begun


def statuses() -> dict[str, str]:
    """Of every mutant, by its name."""
    lines = (line.strip() for line in mutmut("results", "--all", "true").splitlines())
    return dict(line.split(": ", 1) for line in lines if NAME.match(line))


def change_of(name: str) -> dict[str, str]:
    """Where a mutant differs from the rule, and how."""
    lines = mutmut("show", name).splitlines()
    taken, given = ([line[1:].strip() for line in lines if re.match(rf"[{sign}](?![{sign}])", line)] for sign in "-+")
    found = NAME.fullmatch(name)
    assert found is not None
    where = f"{found['module']}.{found['function']}"
    return {"function": where, "was": "\n".join(taken), "becomes": "\n".join(given)}


def measured(seconds: float, found: dict[str, str], reasons: list[dict[str, str]]) -> dict[str, Any]:
    """The results: counts by file, and every mutant that was not caught, with the reason if there is one."""
    files: dict[str, Counter[str]] = {}
    for name, status in found.items():
        files.setdefault(name.split(".")[2] + ".py", Counter())[status] += 1
    survivors = []
    for name, status in found.items():
        if status not in CAUGHT:
            change = change_of(name)
            why = next((reason["why"] for reason in reasons if {**reason, "why": ""} == {**change, "why": ""}), "")
            survivors.append({**change, "status": status, "why": why})
    tools = {"python": platform.python_version(), "mutmut": version("mutmut")}
    return {
        "tools": tools,
        "minutes": round(seconds / 60, 1),
        "files": dict(sorted(files.items())),
        "survivors": survivors,
    }


def table_text(results: dict[str, Any]) -> list[str]:
    """The counts by file, and the survivors, as lines of Markdown."""
    tools = results["tools"]
    lines = [
        f"With mutmut {tools['mutmut']} and Python {tools['python']}, in {results['minutes']} minutes.",
        "",
        "| file | mutants | killed | timeouts | survived | of these equivalent | score, % |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    same = Counter(mutant["function"].split(".")[2] + ".py" for mutant in results["survivors"] if mutant["why"])
    total: Counter[str] = Counter()
    for name, counts in results["files"].items():
        lines.append(row_text(f"`{name}`", Counter(counts), same[name]))
        total.update(counts)
    lines += [row_text("all", total, same.total()), "", "| function | the rule | the mutant | why it is no other |"]
    lines.append("| --- | --- | --- | --- |")
    for mutant in results["survivors"]:
        cells = ["`" + mutant[key].replace("|", r"\|") + "`" for key in ("function", "was", "becomes")]
        lines.append(f"| {' | '.join(cells)} | {mutant['why'] or '**not explained**'} |".replace("\n", " "))
    return lines


def row_text(name: str, counts: Counter[str], same: int) -> str:
    """A line of the table of counts; the score is the caught share of those that are not equivalent."""
    caught = sum(counts[status] for status in CAUGHT)
    survived = counts.total() - caught
    score = 100.0 * caught / (counts.total() - same)
    cells = (name, counts.total(), counts["killed"], counts["timeout"], survived, same, f"{score:.1f}")
    return f"| {' | '.join(map(str, cells))} |"


def write(results: dict[str, Any]) -> None:
    """Both files of this folder that hold numbers."""
    (HERE / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    page = HERE / "README.md"
    before, rest = page.read_text(encoding="utf-8").split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    page.write_text("\n".join([before + BEGIN, "", *table_text(results), "", END]) + after, encoding="utf-8")


def main() -> int:
    """Run, write, and print."""
    reasons = yaml.safe_load((HERE / "equivalent.yaml").read_text(encoding="utf-8"))
    results = measured(run_mutants(), statuses(), reasons)
    write(results)
    print("\n".join(["", *table_text(results)]))
    open_ones = [mutant for mutant in results["survivors"] if not mutant["why"]]
    idle = len(reasons) - (len(results["survivors"]) - len(open_ones))
    if open_ones or idle:
        print(f"{len(open_ones)} not explained; {idle} reasons in equivalent.yaml without a mutant", file=sys.stderr)
    return 1 if open_ones or idle else 0


if __name__ == "__main__":
    sys.exit(main())
