"""The state of one run in compiled code: records of groups and units, and what is on its way."""

from __future__ import annotations

import numpy as np

from sim.engine.chart import fields
from sim.engine.handle import Handle, hold, lay_out

UNDRAWN = np.iinfo(np.int64).min
"""In place of a threshold that nobody has asked for yet."""

NOW = fields(
    whole="minute light weather dispatches groups reports next_due alerts first_alert signs next_sign "
    "alarms next_alarm cuts power_until chases duty_min tried tried_until",
    yes_or_no="full",
    words="key",
)
"""Where the run stands; `full` says that some list had no room left. Counts of lists bear the lists' names. Before
`power_until` no post is without power."""

GROUP = fields(
    whole="replication party number route size persons departure_min stage posture day_min night_min step next_strip "
    "hidden_until calm_until fights road_start_min road_end_min passed left "
    "departed_min crossed_min hidden_min detected_by detected_how detected_min cued_min dispatched_min "
    "intercepted_by cued_from intercepted_min mechanism depth_step outcome ended_min killed captured own_killed "
    "weather false_alarms dispatches duty_min",
    real="pace x_km y_km met_x_km met_y_km road_share",
    yes_or_no="shadowed",
    words="entity",
)
"""A group and what is told of it in the end; the totals of the run are filled in at its end."""

UNIT = fields(
    whole="men busy_until duty_phase_min turn own_track first_cut cuts "
    "sentinel group believed seen_step seen_min "
    "route meeting_step leave_min arrive_min deadline_min phase grip losses until_min "
    "planned_step planned_arrive planned_travel",
    real="step contact_draw",
)
"""A unit; from `sentinel` to `seen_min` the report that its chase rests on, from `route` on the chase itself. By
`contact_draw` it finds the group or not, whenever it is near."""

REPORT = fields(whole="due_min sentinel group route step minute")

ALERT = fields(whole="start_min source", real="end_min")

SIGN = fields(whole="patrol group track step minute passages look_again", real="along_km", yes_or_no="beside gone")

ALARM = fields(whole="minute post number")

CUT = fields(real="start_min end_min")

LEG = fields(whole="number", real="start_min start_km end_min goal_km")
"""The leg that a patrol walks which goes from one random point of a track to the next."""


RUN = lay_out(
    {
        "now": (NOW, 1),  # one record
        "groups": (GROUP, 1),
        "units": (UNIT, 1),
        "chasing": ("?", 1),  # whether each unit is after a group
        "chasers": ("i8", 1),  # the units that are, in order; `now.chases` tells how many
        "left": ("i8", 2),  # hazard left until each sentinel detects each group, by group and sentinel
        "clear_until": ("i8", 2),  # minute before which a group and a patrol cannot matter to one another
        "met": ("i8", 2),  # how often a group came near a patrol
        "near": ("i8", 2),  # and whether it is near now: 0 no, 1 unnoticed, 2 noticed
        "heard": ("i8", 2),  # how many reports of each unit about each group came in, by group and unit
        "trial": (
            "i8",
            2,
        ),  # one line: what would be left of posts' thresholds after a march not walked yet
        "known": ("?", 1),  # which posts the group that chooses its way knows of
        "reports": (REPORT, 1),
        "alerts": (ALERT, 1),
        "signs": (SIGN, 1),
        "alarms": (ALARM, 1),
        "cuts": (CUT, 1),
        "offsets_km": ("f8", 1),  # where patrols are on each track at minute 0
        "legs": (LEG, 1),
    }
)
"""All that changes in a run."""


TOLD = lay_out({"rows": (GROUP, 1)})
"""Room for what is told of groups at their end."""


def new_told(rows: int) -> Handle:
    """Room for so many groups."""
    return hold(TOLD, {"rows": np.zeros(rows, dtype=GROUP)})


def new_run(chart: Handle, room: int) -> Handle:
    """A state with room for so many groups, and for lists in proportion."""
    posts, patrols, units = int(chart.table("case")[0]["posts"]), len(chart.table("patrols")), len(chart.table("units"))
    tracks = len(chart.table("tracks"))
    lengths = {
        "now": 1,
        "units": units,
        "chasing": units,
        "chasers": units,
        "known": posts,
        "trial": 1,
        "offsets_km": tracks,
        "legs": tracks,
    }
    per_group = {"reports": 16, "alerts": 16, "signs": tracks + 1, "alarms": 64, "cuts": 64}
    widths = {"left": posts + patrols, "heard": units, "trial": posts}
    tables = {}
    for name, (kind, dimensions) in RUN.tables.items():
        rows = lengths.get(name, room * per_group.get(name, 1))
        shape = (rows,) if dimensions == 1 else (rows, widths.get(name, patrols))
        tables[name] = np.zeros(shape, dtype=kind)
    return hold(RUN, tables)
