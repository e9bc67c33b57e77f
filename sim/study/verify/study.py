"""The study `verify`, as the registry knows it."""

from sim.study.base import Study

STUDY = Study(
    name="verify",
    help="""\
every link of the model against its closed form in search theory; exit status 1 if one differs by more
than chance allows. experiment=verification/NAME laboratory.R=1.5 runs one alone, with other symbols""",
)
