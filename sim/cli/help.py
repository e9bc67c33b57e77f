"""What `--help` says: plain text, so that it is there at once."""

from __future__ import annotations

HELP = """\
border-sim - what a border outpost changes, played with and without it

Usage: python -m sim [KEY=VALUE ...]            run a study, by default the comparison of the default case
       python -m sim -m KEY=V1,V2,... [...]     a sweep: for every combination of values (Hydra's sweep syntax)
       python -m sim --cfg job [KEY=VALUE ...]  print every key with the value in force, and stop

Studies (study=NAME)
  compare     the same replications with and without the outpost, and with its rivals; writes a report   [default]
  season      an adversary that learns where others were stopped, season after season, in every arm; writes a report.
              season.seasons=8 and season.trials=40 say how many replications there are (replications= has no part);
              season.redeploy_share=0.2 lets the state move its patrols in answer
  sweep       the comparison at every point of a design, all with the same luck; the same as -m.
              KEY=V1,V2 and KEY=range(A,B,STEP) are crossed; KEY=interval(A,B) is sampled (sweep.samples=256,
              sweep.method=sobol|lhs, sweep.seed=N); sweep.zip=[KEY1,KEY2] walks two lists together
  verify      every link of the model against its closed form in search theory; exit status 1 if one differs by more
              than chance allows. experiment=verification/NAME laboratory.R=1.5 runs one alone, with other symbols
  replay      one replication of an earlier run again, told minute by minute, with the whole traceback if it fails:
              study=replay output=FOLDER replay.replication=N replay.arm=NAME
  describe    every key with its unit, allowed range, and whether it is sourced or assumed

How to run
  experiment=NAME|FILE.yaml   the case; a name under configs/experiment, or a file of your own [shahrituz_2019]
  replications=N|auto         of every arm; auto: until precision is reached                   [200]
  precision=P  strict=true    auto: half-width of every arm's interval; by a confidence sequence  [0.02, false]
  seed=N                      another seed, another luck                                       [1]
  output=FOLDER               where to write; the same folder again goes on with the run       [outputs/...]
  execution=local|serial      a pool of processes, or this process alone                       [local]
  execution=dask|mpi          a Dask cluster (execution.address=tcp://...), or the processes that mpiexec started

Some keys of the case (study=describe lists all of them)
  outpost.range_km  outpost.x_km  outpost.y_km  outpost.responders  outpost.days_open
  command.report_delay_min  command.sharing_radius_km  reaction_force.notice_min
  infiltrators.behaviour=unaware|informed|quantal|best_response|learning  infiltrators.aversion
  terrain.cell_m  arms.NAME.cost_usd

Examples
  python -m sim
  python -m sim outpost.range_km=12 seed=2 replications=1000
  python -m sim -m outpost.range_km=5,10,15,20 'command.report_delay_min=range(5,60,5)' replications=50
  python -m sim -m 'outpost.x_km=interval(24,30)' 'outpost.range_km=interval(3,12)' sweep.samples=64 replications=50
  python -m sim study=season season.redeploy_share=0.2
  python -m sim study=describe

Exit status: 0 done, 1 something failed, 2 the input cannot be used, 130 interrupted (run again with output= to go on).
"""
