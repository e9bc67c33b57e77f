"""What the page of outcomes says of the study `season` is what its summary holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from small_case import small_case

from sim.study.replications import arms_in_order, build_worlds
from sim.study.running import python_context, run_in_memory
from sim.study.season.run import SeasonRun


def key_paths(value: Any, known: dict[str, set[str]], path: str = "") -> Iterator[str]:
    """Dotted keys of nested data, with ARM, CROSSING and PATROL for names, and N for numbers in lists of parts."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        for part in value:
            yield from key_paths(part, known, f"{path}.N")
    elif isinstance(value, dict):
        for key, part in value.items():
            word = next((general for general, names in known.items() if key in names), key)
            yield from key_paths(part, known, f"{path}.{word}" if path else word)
    else:
        yield path


def test_every_key_of_the_seasons_is_explained(root: Path) -> None:
    case = small_case(**{"infiltrators.behaviour": "learning", "season.seasons": 3, "season.trials": 12})
    run = SeasonRun(case, build_worlds(case, arms_in_order(case)), seed=1)
    told = run_in_memory(run, python_context(workers=1, quiet=True, engine="compiled")).summary()
    known = {"ARM": set(case.arms), "CROSSING": set(told["crossings"]), "PATROL": {"bank"}}
    page = (root / "docs" / "OUTCOMES.md").read_text(encoding="utf-8")
    section = page.split("\n## summary.json of study=season\n", 1)[1].split("\n## ", 1)[0]
    explained = re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)
    assert len(explained) == len(set(explained))
    assert set(explained) == set(key_paths(told, known))
