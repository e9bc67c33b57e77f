"""The study `compare`, as the registry knows it."""

from sim.study.base import Study

STUDY = Study(
    name="compare",
    help="the same replications with and without the outpost, and with its rivals; writes a report",
    examples=("", "outpost.range_km=12 seed=2 replications=1000"),
    replays=True,
    stores=("naive", "mature"),
)
