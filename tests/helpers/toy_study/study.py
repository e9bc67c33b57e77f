"""The study `toy`, as the registry knows it."""

from sim.study.base import Study

STUDY = Study(name="toy", help="throws a die in every replication")
