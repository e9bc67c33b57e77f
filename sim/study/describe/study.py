"""The study `describe`, as the registry knows it."""

from sim.study.base import Study

STUDY = Study(
    name="describe",
    help="every key with its unit, allowed range, and whether it is sourced or assumed",
    examples=("study=describe",),
    module="describe",
)
