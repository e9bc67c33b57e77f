"""InterimLooks at rows as they come in decide as looks at all rows do, and read each row once."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from silent_context import silent_context
from small_case import small_case
from widths import widest

from sim.execution import digest, rows
from sim.execution.manifest import ManifestHead
from sim.execution.rows import Rows, read_part
from sim.execution.store import open_store
from sim.study.compare import run as compare
from sim.study.compare.run import CompareRun
from sim.study.replications import Replications, arms_in_order, build_worlds
from sim.study.stopping import InterimLooks, StoppingRule

ARMS = ("without", "with_outpost", "masts")


def made_up(replications: int, groups: tuple[str, ...], seed: int, arms: tuple[str, ...] = ARMS) -> pd.DataFrame:
    draws = np.random.default_rng(seed)
    rows = [(number, arm, group) for number in range(replications) for arm in arms for group in groups]
    frame = pd.DataFrame(rows, columns=["replication", "arm", "group"])
    return frame.assign(outcome=draws.choice(["killed", "reached", "at_large"], len(frame)))


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("groups", [("band",), ("zebra", "band")])
def test_widths_are_those_of_all_rows(strict: bool, groups: tuple[str, ...]) -> None:
    frame, rule = made_up(400, groups, 3), StoppingRule(0.1, strict)
    looks, ends = InterimLooks(rule, ARMS, "without"), [0, 130, 200, 400]
    for start, stop in itertools.pairwise(ends):
        looks.add(Rows.of(frame[frame["replication"].between(start, stop - 1)]))
        for look in (100, stop):
            assert looks.widest(look) == widest(rule, frame[frame["replication"] < min(look, stop)], ARMS, "without")


def test_the_baseline_alone_has_no_width() -> None:
    looks = InterimLooks(StoppingRule(0.1), ("without",), "without")
    looks.add(Rows.of(made_up(3, ("band",), 1)))
    assert looks.widest(3) == 0.0


def test_before_any_group_has_come_nothing_is_known() -> None:
    looks = InterimLooks(StoppingRule(0.1), ARMS, "without")
    looks.add(Rows.of_parts([]))
    assert looks.widest(200) == np.inf


class MadeUp(Replications):
    """Rows made up at once in place of those of the model."""

    def run(self, start: int, stop: int) -> pd.DataFrame:
        frame = made_up(3000, ("band",), 5, tuple(world.arm for world in self.worlds))
        return frame[frame["replication"].between(start, stop - 1)].reset_index(drop=True)


def test_each_row_is_read_once_and_hashed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    digests: list[int] = []

    def counted(path: Path, run: str) -> bytes:
        read.append(path.name)
        return read_part(path, run)

    hashed = digest.rows_digest
    monkeypatch.setattr(rows, "read_part", counted)
    monkeypatch.setattr(digest, "rows_digest", lambda frames: digests.append(1) or hashed(frames))
    monkeypatch.setattr(compare, "Replications", MadeUp)
    # Runs of their own, which read and hash rows of their own.
    for second in ("_with_mature", "_with_fixed_routes"):
        monkeypatch.setattr(CompareRun, second, lambda self, result, *_: result)
    case = small_case()
    worlds = build_worlds(case, arms_in_order(case))
    arms = tuple(world.arm for world in worlds)
    rule = StoppingRule(0.035)
    with open_store(tmp_path / "run", ManifestHead("compare", case.name, 1, 10_000, {})) as store:
        result = CompareRun(case, worlds, 1, rule).execute(store, silent_context())
        assert store.manifest["state"] == "complete"
        assert store.manifest["digest"] == result.digest
    assert result.replications > 400
    # At the looks, for the digest, and once more for the result.
    assert sorted(read) == sorted(3 * list(dict.fromkeys(read)))
    assert len(digests) == 1
    # The end is where the widths of all rows say.
    frame, look = result.to_frame(), rule.first_look
    while following := rule.next_look(look, widest(rule, frame[frame["replication"] < look], arms, case.baseline)):
        look = following
    assert look == result.replications
