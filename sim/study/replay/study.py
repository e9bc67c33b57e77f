"""The study `replay`, as the registry knows it."""

from sim.study.base import Study

STUDY = Study(
    name="replay",
    help="""\
one replication of an earlier run again, minute by minute, with the whole traceback if it fails:
study=replay output=FOLDER replay.replication=N replay.arm=NAME""",
    module="replay",
)
