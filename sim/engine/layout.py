"""Layout of an arm's World and of the state of one run as tables of plain numbers, for compiled code.

Everything of a kind stands in one table, numbered through: units (posts, then patrols, then the reaction force), tracks
and their samples, routes of all parties and their steps. Where one table belongs to another, it says `first_...` and
how many.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.engine.compiling import shared
from sim.engine.tables import Handle, hold, lay_out
from sim.rules.engagement import AT_LARGE
from sim.scenario.base import Section
from sim.scenario.command import Command, Engagement
from sim.scenario.infiltrators import Infiltrators
from sim.scenario.inland import Inland
from sim.scenario.patrol import ControlStrip

Records = NDArray[np.void]

AT_HOME, APPROACH, ABROAD, INLAND, ENDED = range(5)
"""Stages of a group's story."""

TRAVEL, WAIT, SEARCH, SHADOW, LOST, TRAIL = range(6)
"""Phases of a chase."""

IS_POST, IS_PATROL, IS_FORCE = range(3)
"""Kinds of units."""

MODES = ("back_and_forth", "loop", "random")
BACK_AND_FORTH, LOOP, RANDOM = range(3)
"""How a patrol walks its track."""

HOW = ("", "sight", "tracks")
BY_SIGHT, BY_TRACKS = 1, 2
"""How a group was detected first."""

MECHANISMS = ("", "own", "cued", "unprompted")
OWN, CUED, UNPROMPTED = 1, 2, 3

NOBODY = 0
"""Of those who detect, cue or intercept; unit number u has the code u + 1, then come the interior's."""

NEVER = -1

NEVER_MORE = NOBODY_MORE = 1 << 60
"""A minute, and a unit, after all others."""


def fields(whole: str = "", real: str = "", yes_or_no: str = "", words: str = "", short: str = "") -> np.dtype[np.void]:
    """A record of 64-bit numbers by their names, truth values, words without a sign, and whole numbers of 32 bits.

    The long tables are read from end to end in each run, and the memory is slower than all else: they hold short ones.
    """
    kinds = (("i8", whole), ("f8", real), ("?", yes_or_no), ("u8", words), ("i4", short))
    return np.dtype([(name, kind) for kind, names in kinds for name in names.split()], align=True)


SECTIONS: dict[str, type[Section]] = {
    "command": Command,
    "engagement": Engagement,
    "inland": Inland,
    "infiltrators": Infiltrators,
    "control_strip": ControlStrip,
}
"""Sections of the scenario whose plain numbers stand in the record of the case under the names of their keys."""


def plain_numbers(*kinds: type) -> str:
    """The keys of the sections that hold a number or truth value of these kinds, and never None."""
    found = ((name, field.annotation) for part in SECTIONS.values() for name, field in part.model_fields.items())
    return " ".join(name for name, kind in found if kind in kinds)


CASE = fields(
    whole=plain_numbers(int) + " horizon_min posts patrols delay_stages "
    "trail_units shadow_units attack_units quiet_units alerted_units",
    real=plain_numbers(float) + " lasting_min reading_per_man alert_min taste_min passing_hazard",
    yes_or_no=plain_numbers(bool) + " square_law informed",
)
"""What holds for the whole case; one record. Rates are in units of 2^-32 a minute."""

UNIT = fields(
    whole="kind men notice_min travel_row",
    real="x_km y_km response_km false_alarms_per_min power_cuts_per_min power_cut_min awareness",
    yes_or_no="sees_anything cues_units vehicle",
    words="entity",
)
"""A unit; a patrol's place is on its track."""

PATROL = fields(
    whole="mode cycle_min first_track tracks first_share shares",
    real="speed_kmh duty_share centre_x_km centre_y_km radius_km widest_km strip_reach_km",
)
"""What a patrol has beside other units, numbered from 0; beyond `widest_km` it sees nothing, in whatever light and
weather."""

TRACK = fields(whole="first_sample samples first_anchor anchors", real="length_km speed_kmh")
"""A track of a patrol, and how fast it goes there by day."""

SAMPLE = fields(real="x_km y_km")

RATE_TABLE = fields(whole="first length", real="reach_km")
"""Where the rates of an observer in one weather, light and state of power begin, and how many metres they reach."""

PARTY = fields(
    whole="first_route routes depart_earliest_min depart_latest_min from_min until_min size size_highest hide_min "
    "first_signature",
    real="pace_low pace_high night_pace lying_up_factor will_to_fight admitted_probability per_min "
    "notice_km notice_night_factor notice_probability",
    yes_or_no="alike is_stream is_fighters is_migrants rafts_by_night lies_up goes_inland",
    words="entity prefix",
)
"""A group or a stream; `alike`: its groups are as visible as one another; `prefix`: entity of their names, but for the
number."""

ROUTE = fields(
    whole="first_step steps raft_step landing_step crossing first_same same first_fork first_strip strips",
    real="exposure stride_km",
    words="liked",
)
"""A route; `exposure` is what its danger is felt to be where that is the same for all who choose, `liked` the entity by
which a taste for it is drawn."""

STEP = fields(real="x_km y_km", short="spot stretch first_view next_busy")
"""A step of a route; `stretch` is where it stands among those on the same spot; `next_busy` is the next step from here
on that a post can see, or the last."""

STRETCH = fields(short="spot last_step")
"""Successive steps of a route on the same spot."""

SKY = fields(whole="light nights next_change next_dark")
"""A minute: its class of light, how many by night there were up to it, when the light changes, and when next a raft
that puts out is in the dark from bank to bank."""

VIEW = fields(short="post metre")
"""A post that sees a step, and from how many metres."""

STRIP = fields(whole="step line patrol track", real="along_km")
"""Where a route crosses the control strip and a patrol can read it; see `sim.world.strip.StripCrossing`."""

TABLES = lay_out(
    {
        "case": (CASE, 1),  # one record
        "weathers": ("f8", 1),  # probability of each
        "skies": (SKY, 1),  # at each minute
        "going": ("f8", 1),  # minutes of going by day that those up to each are worth: `World.going` end to end
        "units": (UNIT, 1),
        "patrols": (PATROL, 1),
        "tracks": (TRACK, 1),
        "samples": (SAMPLE, 1),
        "shares": ("f8", 1),  # of the turns of duty of patrols' alternative tracks
        "rate_tables": (RATE_TABLE, 2),  # of each observer in each state of the air, see `rate_column`
        "rates": ("f8", 1),  # detections per hour at each metre
        "own_stretch": ("?", 2),  # whether a post acts alone on who crosses at a crossing point
        "sight": ("?", 2),  # lines of sight from each sample of a track to each spot
        "anchors": ("i8", 1),  # sample at each anchor of a track
        "travel": ("f8", 2),  # minutes to each spot from the posts, then the anchors, then the reaction force
        "parties": (PARTY, 1),
        "signatures": ("f8", 1),  # of the groups of each party, from the smallest to the largest
        "routes": (ROUTE, 1),
        "steps": (STEP, 1),  # and one more, for where the views end
        "by_length": ("i8", 1),  # the routes of each party from the shortest to the longest
        "stretches": (STRETCH, 1),
        "views": (VIEW, 1),
        "dangers": ("i8", 2),  # hazard of a minute to who marches where all are alike, by `danger_row` and look
        "concealments": ("f8", 1),  # at each step
        "forks": ("i8", 1),  # last step that a route shares with each of those over its crossing point
        "strips": (STRIP, 1),
        "size_factors": ("f8", 1),  # by the persons who set out, see `sim.rules.arrivals.size_factor`
        "exposures": ("f8", 1),  # chance to be detected by each post, a route's after the other's
    },
    fixed=True,
)
"""The World of one arm as arrays; `sim.engine.build_tables` fills it."""


@shared
def danger_row(weather: int, light: int) -> int:
    """Row of the tables's ``dangers``."""
    return weather * 3 + light


@shared
def rate_column(weather: int, light: int, power: int) -> int:
    """Column of ``rate_tables``."""
    return danger_row(weather, light) * 2 + power


UNDRAWN = np.iinfo(np.int64).min
"""In place of a threshold that nobody has asked for yet."""

NOW = fields(
    whole="minute light weather dispatches groups reports next_due sought signs next_sign "
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
    "alert_start_min alerted_by weather false_alarms dispatches duty_min",
    real="pace signature x_km y_km met_x_km met_y_km road_share alert_end_min",
    yes_or_no="shadowed warned",
    words="entity",
)
"""A group and its results; the totals of the run are filled in at its end."""

NOT_YET = (
    "hidden_until departed_min crossed_min detected_min cued_min dispatched_min intercepted_min ended_min depth_step"
)
NOWHERE = "met_x_km met_y_km road_share"
"""What is not 0 in a group that nothing has happened to yet."""

UNIT_STATE = fields(
    whole="men busy_until duty_phase_min turn own_track first_cut cuts "
    "observer group believed seen_step seen_min "
    "route meeting_step leave_min arrive_min deadline_min phase contact_hazard until_min passed_min men_out "
    "travel_min",
    real="step",
    words="with_group",
)
"""A unit's state; from `observer` to `seen_min` the report that its chase rests on, from `route` on the chase itself.
`men_out` are those of its men who were sent and are left, `with_group` is the key of what is drawn for both."""

REPORT = fields(whole="due_min observer group route step minute", real="x_km y_km")
"""A report; who is near the place where it was made hears of it."""

SIGN = fields(whole="patrol group line track step minute passages look_again", real="along_km", yes_or_no="beside gone")

ALARM = fields(whole="minute post number")

CUT = fields(real="start_min end_min")

LEG = fields(whole="number", real="start_min start_km end_min goal_km")
"""The leg that a patrol walks which goes from one random point of a track to the next."""


RUN = lay_out(
    {
        "now": (NOW, 1),  # one record
        "groups": (GROUP, 1),
        "blank": (GROUP, 1),  # a group before its first step, that nothing has happened to yet
        "units": (UNIT_STATE, 1),
        "chasing": ("?", 1),  # whether each unit is after a group
        "planned": ("i8", 1),  # when each could meet the group that men are to be sent after
        "chasers": ("i8", 1),  # the units that are, in order; `now.chases` of them
        # Hazard left until each observer detects each group, by group and observer; in the last line what would be left
        # after a march not walked yet.
        "left": ("i8", 2),
        "clear_until": ("i8", 2),  # minute before which a group and a patrol cannot matter to one another
        "met": ("i8", 2),  # how often a group came near a patrol
        "near": ("i8", 2),  # and what it is to the group now, as `sim.rules.patrol.noticed` says
        "heard": ("i8", 2),  # how many reports of each unit about each group came in, by group and unit
        "contacts": ("i8", 2),  # how often each unit has met each group, by group and unit
        "unspent": ("i8", 2),  # hazard left until it meets the group next by search
        "known": ("f8", 1),  # 1 for each post that the group that chooses its way knows of, else 0
        "reports": (REPORT, 1),
        "signs": (SIGN, 1),
        "alarms": (ALARM, 1),
        "cuts": (CUT, 1),
        "offsets_km": ("f8", 1),  # where patrols are on each track at minute 0
        "legs": (LEG, 1),
    }
)
"""All that changes in a run."""


RESULTS = lay_out({"rows": (GROUP, 1)})
"""Room for the records of groups at their end."""


def new_results(rows: int) -> Handle:
    """Room for so many groups."""
    return hold(RESULTS, {"rows": np.zeros(rows, dtype=GROUP)})


def new_run(world: Handle, room: int) -> Handle:
    """A state for the tables of a World, with room for so many groups, and for lists in proportion."""
    patrols, units, tracks = (len(world.tables[name]) for name in ("patrols", "units", "tracks"))
    posts = int(world.tables["case"][0]["posts"])
    lengths = {"now": 1, "blank": 1, "left": room + 1, "known": posts, "offsets_km": tracks, "legs": tracks}
    lengths |= dict.fromkeys(("units", "chasing", "planned", "chasers"), units)
    signs = 1 + int(world.tables["routes"]["strips"].max(initial=0))
    per_group = {"reports": 16, "signs": signs, "alarms": 64, "cuts": 64}
    widths = {"left": posts + patrols, "heard": units, "contacts": units, "unspent": units}
    tables = {}
    for name, (kind, dimensions) in RUN.tables.items():
        rows = lengths.get(name, room * per_group.get(name, 1))
        tables[name] = np.zeros((rows, widths.get(name, patrols))[:dimensions], dtype=kind)
    blank = tables["blank"][0]
    for name in NOT_YET.split():
        blank[name] = NEVER
    for name in NOWHERE.split():
        blank[name] = np.nan
    blank["outcome"] = AT_LARGE
    return hold(RUN, tables)
