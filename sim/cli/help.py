"""What `--help` says: plain text, so that it is there at once."""

from __future__ import annotations

HELP = """\
border-sim - what a border outpost changes, played with and without it

Usage: python -m sim [KEY=VALUE ...]            run a study, by default the comparison of the default case
       python -m sim -m KEY=V1,V2,... [...]     run it for every combination of values (Hydra's sweep syntax)
       python -m sim --cfg job [KEY=VALUE ...]  print every key with the value in force, and stop

Studies (study=NAME)
  compare     the same replications with and without the outpost, and with its rivals; writes a report   [default]
  season      an adversary that learns where others were stopped, season after season, in every arm; writes a report.
              season.seasons=8 and season.trials=40 say how many replications there are (replications= has no part);
              season.redeploy_share=0.2 lets the state move its patrols in answer
  replay      one replication of the run in output=FOLDER again, told minute by minute, with the traceback if it fails:
              replay.replication=17 replay.arm=with_outpost
  describe    every key with its unit, allowed range, and whether it is sourced or assumed

How to run
  experiment=NAME|FILE.yaml   the case; a name under configs/experiment, or a file of your own [shahrituz_2019]
  replications=N              of every arm                                                     [300]
  seed=N                      another seed, another luck                                       [1]
  output=FOLDER               where to write; the same folder again goes on with the run       [outputs/...]
  execution=local|serial      a pool of processes, or this process alone                       [local]
  execution=dask              a Dask cluster: execution.address=tcp://HOST:PORT, or one made here
  execution=mpi               mpiexec -n 3 python -m mpi4py.futures -m sim execution=mpi

Some keys of the case (study=describe lists all of them)
  outpost.range_km  outpost.x_km  outpost.y_km  outpost.responders  outpost.days_open
  command.report_delay_min  command.sharing_radius_km  reaction_force.notice_min
  infiltrators.behaviour=unaware|informed|quantal|best_response|learning  infiltrators.aversion
  terrain.cell_m  arms.NAME.cost_usd

Examples
  python -m sim
  python -m sim outpost.range_km=12 seed=2 replications=1000
  python -m sim -m outpost.range_km=5,10,15,20
  python -m sim study=season season.redeploy_share=0.2
  python -m sim study=describe

Exit status: 0 done, 1 something failed, 2 the input cannot be used, 130 interrupted (run again with output= to go on).
"""
