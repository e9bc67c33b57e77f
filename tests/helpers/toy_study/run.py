"""Throwing, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.execution.manifest import ManifestHead
from sim.execution.store import Store
from sim.report.page import Checked, Figure
from sim.report.style import drawing, new_picture, png_bytes
from sim.rules.randomness import Purpose, entity, replication_key, uniform
from sim.study.base import Request
from sim.study.result import Result
from sim.study.running import Run, RunContext


@dataclass(frozen=True)
class Throws:
    """A job: one throw a replication."""

    sides: int
    seed: int

    def run(self, start: int, stop: int) -> pd.DataFrame:
        numbers = range(start, stop)
        draws = [uniform(replication_key(self.seed, n), entity("die"), Purpose.WEATHER) for n in numbers]
        return pd.DataFrame({"replication": list(numbers), "eyes": [1 + int(self.sides * draw) for draw in draws]})


@dataclass(frozen=True)
class ToyResult(Result):
    """What was thrown."""

    rows: pd.DataFrame
    digest: str
    verified = False

    def make_summary(self) -> dict[str, Any]:
        return {"study": "toy", "digest": self.digest, "mean": float(self.rows["eyes"].mean())}

    def sentences(self) -> list[str]:
        return [f"The mean is {self._summary['mean']:.3f}."]

    def tables(self) -> Mapping[str, bytes]:
        return {"throws.csv": self.rows.to_csv(index=False).encode()}

    def figures(self) -> Iterator[Figure]:
        with drawing():
            picture = new_picture(4.0, 3.0)
            picture.subplots().hist(self.rows["eyes"])
        yield Figure("eyes", png_bytes(picture), "how often each number came")

    def page(self, figures: Sequence[Figure], facts: Mapping[str, str], checked: Checked | None) -> str:
        return f"<h1>Die</h1><p>{self.sentences()[0]}</p><p>{facts['Command']}</p><img src='{figures[0].data_uri}'>"


@dataclass(frozen=True)
class ToyRun(Run[ToyResult]):
    """Throws about to be made."""

    sides: int
    replications: int
    seed: int
    opening = ("throwing",)

    @property
    def head(self) -> ManifestHead:
        return ManifestHead("toy", "die", self.seed, self.replications, {"sides": self.sides})

    def execute(self, store: Store, context: RunContext) -> ToyResult:
        progress = context.progress("throws", "replications")
        digest = context.run_job(Throws(self.sides, self.seed), store, self.replications, progress)
        return ToyResult(store.rows().frame(), digest)


def prepare(request: Request, context: RunContext) -> ToyRun:
    """The throws."""
    settings = request.settings
    return ToyRun(settings.of("toy").sides, settings.asked, settings.seed)
