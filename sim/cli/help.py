"""What `--help` says: made from the registry of studies and the configuration, without loading what runs them."""

from __future__ import annotations

import re

from sim.config_folder import config_folder
from sim.study.base import all_studies

TEMPLATE = """\
border-sim - what a border outpost changes, run with and without it

Usage: python -m sim [KEY=VALUE ...]            run a study, by default the comparison of the default case
       python -m sim -m KEY=V1,V2,... [...]     a sweep: for every combination of values (Hydra's sweep syntax)
       python -m sim --cfg job [KEY=VALUE ...]  print every key with the value in force, and stop

Studies (study=NAME)
{studies}

How to run
  experiment=NAME|FILE.yaml   the case; a name under configs/experiment, or a file of your own [{experiment}]
  replications=N|auto         of every arm; auto: until precision is reached                   [{replications}]
  precision=P                 auto: half-width of every arm's interval                         [{precision}]
  strict=true                 auto: stop by a confidence sequence, which holds at all looks    [{strict}]
  seed=N                      another seed, other draws                                        [{seed}]
  output=FOLDER               where to write; the same folder again goes on with the run       [outputs/...]
  execution=local|serial      a pool of processes, or this process alone                       [{execution}]
  report=false                rows and summary alone, nothing drawn                            [true]
  only=[ARM,...]              these arms alone, the baseline among them                        [all]
  execution=dask|mpi          a Dask cluster (execution.address=tcp://...), or the processes that mpiexec started

Some keys of the case (study=describe lists all of them)
  outpost.range_km  outpost.x_km  outpost.y_km  outpost.responders  outpost.days_open
  command.report_delay_min  command.sharing_radius_km  reaction_force.notice_min
  infiltrators.behaviour=unaware|informed|quantal|best_response|learning  infiltrators.aversion
  terrain.cell_m  arms.NAME.cost_usd

Examples
{examples}

Exit status: 0 done, 1 something failed, 2 the input cannot be used, 130 interrupted (run again with output= to go on).
"""


def help_text() -> str:
    """The text of ``--help``: each study as its ``study.py`` says, each default as the configuration has it."""
    defaults = configured_defaults()
    lines, examples = [], []
    for study in all_studies():
        examples += [f"  python -m sim {example}".rstrip() for example in study.examples]
        mark = "   [default]" if study.name == defaults["study"] else ""
        first, *rest = f"{study.help}{mark}".splitlines()
        lines += [f"  {study.name:<11} {first}", *(f"  {'':<11} {line}" for line in rest)]
    return TEMPLATE.format(studies="\n".join(lines), examples="\n".join(examples), **defaults)


def configured_defaults() -> dict[str, str]:
    """The choices and single values at the top of ``configs/config.yaml``, as they are written there.

    >>> configured_defaults()["study"]
    'compare'
    """
    text = (config_folder() / "config.yaml").read_text(encoding="utf-8")
    return dict(re.findall(r"^(?:  - )?(\w+): ([^\s{#]+)", text, re.M))
