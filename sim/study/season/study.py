"""The study `season`, as the registry knows it."""

from sim.study.base import Study

STUDY = Study(
    name="season",
    help="""\
an adversary that learns where others were stopped, season after season, in every arm; writes a report.
season.seasons=8 and season.trials=40 say how many replications there are (replications= has no part);
season.redeploy_share=0.2 lets the state move its patrols in answer""",
    examples=("study=season season.redeploy_share=0.2",),
    replays=True,
)
