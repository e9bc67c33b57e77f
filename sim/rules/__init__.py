"""What happens, as pure functions of plain numbers: both ways to run call these and nothing else.

- `randomness`: the key of a draw; `arrivals`: Poisson streams, sizes, departures, paces
- `light`: clock, day and night, weather, dark enough to raft
- `movement`: what is near, steps of routes, places on tracks
- `choice`: what a route seems to cost; `sensing`: detection rates, hazards, visibility, power cuts
- `patrol`: duty, tracks, random walks, the control strip, who is noticed by groups
- `command`: delays, checks, beliefs, neighbours, men needed, alerts
- `response`: who is free, own frontage, the earliest meeting, strength, the way home
- `pursuit`: who is led, who makes contact, waiting, search; `engagement`: fights, losses, prisoners, outcomes
- `road`: the road inland, its checkpoints and its search; `learning`: beliefs and patrols between seasons
"""
