"""Throwing, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.execution.executor import run_job
from sim.execution.manifest import ManifestHead
from sim.execution.store import Store
from sim.report.page import Figure
from sim.report.style import drawing, new_picture, png_bytes
from sim.rules.randomness import Purpose, entity, replication_key, uniform
from sim.scenario.base import Section, quantity
from sim.study.base import RunContext


class ToySettings(Section):
    """Keys ``toy.*``."""

    sides: int = quantity(6, "of the die", assumed="the user's choice", ge=2, le=100)


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
class ToyRun:
    """Throws about to be made."""

    sides: int
    replications: int
    seed: int
    opening: tuple[str, ...] = ("throwing",)

    @property
    def head(self) -> ManifestHead:
        return ManifestHead("toy", "die", self.seed, self.replications, {"sides": self.sides})

    @property
    def facts(self) -> Mapping[str, str]:
        return {"sides": str(self.sides)}

    def play(self, store: Store, context: RunContext) -> ToyResult:
        job = Throws(self.sides, self.seed)
        execution = context.execution.model_dump()
        digest = run_job(job, store, self.replications, **execution, progress=context.progress("throws"))
        return ToyResult(store.rows().frame(), digest)


@dataclass(frozen=True)
class ToyResult:
    """What was thrown."""

    rows: pd.DataFrame
    digest: str
    passed: bool = True
    verified: bool = False

    def summary(self) -> dict[str, Any]:
        return {"study": "toy", "digest": self.digest, "mean": float(self.rows["eyes"].mean())}

    def sentences(self) -> list[str]:
        return [f"The mean is {self.summary()['mean']:.3f}."]

    def tables(self) -> Mapping[str, bytes]:
        return {"throws.csv": self.rows.to_csv(index=False).encode()}

    def figures(self) -> Iterator[Figure]:
        with drawing():
            picture = new_picture(4.0, 3.0)
            picture.subplots().hist(self.rows["eyes"])
        yield Figure("eyes", png_bytes(picture), "how often each number came")

    def page(self, figures: Sequence[Figure], facts: Mapping[str, str], verification: Mapping[str, Any] | None) -> str:
        return f"<h1>Die</h1><p>{self.sentences()[0]}</p><p>{facts['Command']}</p><img src='{figures[0].data_uri}'>"

    def problems(self, folder: Path) -> Sequence[str]:
        return ()
