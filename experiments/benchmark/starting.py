"""How long until the first replication: `python experiments/benchmark/starting.py`, in the project's folder.

The default experiment, from its command line, each time in a fresh process: with nothing compiled yet, and with all of
it kept from before. And its World (288 x 288 cells), of which nothing is read from disk: first with what libraries load
then, on another ground, and after changes on that. Writes starting.md.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT))

from experiments.benchmark.machine import machine
from experiments.benchmark.spread import spread
from experiments.benchmark.table import rows_text, spread_text

CACHE = "BORDER_SIM_CACHE"

UNTIL_THE_FIRST = """
import os, runpy, time
from sim.engine.engine import Engine
def tell(*_, **__):
    print("seconds", time.time() - float(os.environ["BEGUN"]), time.process_time(), flush=True)
    os._exit(0)
Engine.run = tell
runpy.run_module("sim", run_name="__main__", alter_sys=True)  # as python -m sim
"""
"""Ends the process when the first replication would be played, and tells seconds since its start, and of CPU."""

ENGINE = """
import time
import sim.engine.layout, sim.engine.replications
from sim.engine.engine import warm_up
begun, cpu = time.perf_counter(), time.process_time()
warm_up(lambda _: None)
print("seconds", time.perf_counter() - begun, time.process_time() - cpu)
"""

WORLDS = """
import gc, time
import sim
from sim.engine.engine import Engine
from sim.world import Tables, build_world
tables = Tables()
def build(*changes):
    scenario = sim.load_scenario("shahrituz_2019", [change for change in changes if change])
    gc.collect()  # what loading has left behind is not the World's
    begun, cpu = time.perf_counter(), time.process_time()
    world = build_world(scenario, "with_outpost", tables)
    print("seconds", time.perf_counter() - begun, time.process_time() - cpu)
    Engine(world)
    print("seconds", time.perf_counter() - begun, time.process_time() - cpu)
build("")
for changed in ("", "outpost.range_km=7.5", "command.report_delay_min=35", "posts.0.staffing=0.4"):
    build("terrain.terrain_seed=15", changed)
"""

WORLD = (
    "World, first in its process",
    "World of another ground",
    "another range of the outpost",
    "another delay of reports",
    "another staffing of a post",
)
ROWS = (
    "nothing kept: to the first replication (of CPU: this process alone)",
    "the engine compiled, alone",
    "all kept: to the first replication",
    *(row for world in WORLD for row in (world, "the same with the engine's tables")),
)

Pair = tuple[float, float]
"""Seconds that passed, and seconds of CPU."""


def main(words: Sequence[str] | None = None) -> int:
    """Measure, write, and say what was written."""
    asked = arguments(words)
    found = [tuple(once()) for _ in range(asked.repeats)]
    text = told(list(zip(*found, strict=True)))
    asked.output.mkdir(parents=True, exist_ok=True)
    (asked.output / "starting.md").write_text(text, encoding="utf-8")
    print(text)
    return 0


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description="How long until the first replication.")
    parser.add_argument("--repeats", type=int, default=5, help="how often each is timed (5)")
    parser.add_argument("--output", type=Path, default=HERE, help="folder of the results (the experiment's own)")
    asked = parser.parse_args(words)
    if asked.repeats < 1:
        parser.error("--repeats: allowed: 1 or more")
    return asked


def once() -> Iterator[Pair]:
    """Every row's seconds, in fresh processes that share a new place for what is compiled."""
    with tempfile.TemporaryDirectory() as cache, tempfile.TemporaryDirectory() as other:
        yield start(cache)
        yield from seconds(ENGINE, other)
        yield start(cache)
        yield from seconds(WORLDS, cache)


def start(cache: str) -> Pair:
    """Seconds from the start of the default command to its first replication."""
    with tempfile.TemporaryDirectory() as output:
        return next(seconds(UNTIL_THE_FIRST, cache, f"output={output}"))


def seconds(program: str, cache: str, *words: str) -> Iterator[Pair]:
    """What a program prints, in a fresh process: two numbers after the word "seconds"."""
    environment = {**os.environ, CACHE: cache, "BEGUN": repr(time.time())}
    command = [sys.executable, "-c", program, *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    for line in done.stdout.splitlines():
        word, *numbers = line.split() or [""]
        if word == "seconds":
            yield float(numbers[0]), float(numbers[1])


def told(found: Sequence[Sequence[Pair]]) -> str:
    """The table of all rows' repeats, with the machine and how busy it was."""
    spreads = [[spread_text(spread([pair[k] for pair in pairs])) for k in (0, 1)] for pairs in found]
    facts = "; ".join(f"{name} {value}" for name, value in machine().items())
    lines = [
        "# How long until the first replication",
        "",
        "Written by `python experiments/benchmark/starting.py`.",
        "",
        f"Measured on: {facts}; load of the last minute, this included: {os.getloadavg()[0]:.1f}.",
        "",
        f"Median (least to greatest) of {len(found[0])} fresh processes each.",
        "",
        *rows_text(["what", "seconds", "of CPU"], ([row, *said] for row, said in zip(ROWS, spreads, strict=True))),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
