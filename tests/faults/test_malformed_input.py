"""Bad keys and values: refused with status 2 and one line that names the key, before anything is built."""

from __future__ import annotations

import pytest

CATALOGUE = ("eye", "ground_sensor", "radar", "thermal", "tower")

KEYS = {
    "list item that is not there, and what is": (["posts.9.range_km=3"], ["posts.9.range_km", "0"]),
    "unknown key": (["outpots.range_km=3"], ["outpots.range_km", "no such key"]),
    "unknown nested key": (["outpost.rnage_km=3"], ["outpost.rnage_km", "no such key"]),
    "unknown key in a list item": (["posts.0.rnage_km=3"], ["posts.0.rnage_km", "no such key"]),
    "unknown key of an arm": (["arms.with_outpost.price=1"], ["arms.with_outpost.price", "no such key"]),
    "unknown key of a new arm": (["arms.new={colour:blue}"], ["arms.new.colour", "no such key"]),
    "unknown key of the execution": (["execution.speed=3"], ["execution.speed", "no such key"]),
    "added top key": (["+typo=1"], ["typo", "no such key"]),
    "added nested key": (["+outpost.rnage_km=3"], ["outpost.rnage_km", "no such key"]),
    "added key in a list item": (["+posts.0.rnage_km=3"], ["posts.0.rnage_km", "no such key"]),
    "forced key": (["++outpost.typo=1"], ["outpost.typo", "no such key"]),
    "list item that is not there": (["posts.9.range_km=3"], ["posts.9.range_km"]),
    "deleted key": (["~outpost.x_km"], ["outpost.x_km", "required"]),
    "deleted key of a list item": (["~posts.0.y_km"], ["posts.0.y_km", "required"]),
    "deleted group": (["experiment=shahrituz_2019", "~infiltrators"], ["infiltrators", "required"]),
    "deleted key that is not there": (["~nothing"], ["nothing"]),
    "group into another": (["terrain@outpost=flat"], ["terrain@outpost"]),
}

TYPES = {
    "null for a group": (["terrain=null"], ["terrain", "flat"]),
    "number for a group": (["outpost=3"], ["outpost"]),
    "null for the experiment": (["experiment=null"], ["experiment", "shahrituz_2019"]),
    "number for the experiment": (["experiment=3"], ["experiment", "shahrituz_2019"]),
    "name for a list index": (["posts.x=3"], ["posts.x"]),
    "text for a number": (["outpost.range_km=far"], ["outpost.range_km", "'far'"]),
    "quoted number": (["outpost.range_km='12'"], ["outpost.range_km", "'12'"]),
    "bool for a number": (["outpost.range_km=true"], ["outpost.range_km", "True"]),
    "list for a number": (["outpost.range_km=[1,2]"], ["outpost.range_km", "[1, 2]"]),
    "mapping for a number": (["outpost.range_km={a:1}"], ["outpost.range_km", "{'a': 1}"]),
    "null for a number": (["outpost.range_km=null"], ["outpost.range_km", "None"]),
    "nothing for a number": (["outpost.range_km="], ["outpost.range_km", "''"]),
    "fraction for a whole number": (["outpost.responders=1.5"], ["outpost.responders", "1.5"]),
    "fraction of a minute": (["command.report_delay_min=2.5"], ["command.report_delay_min", "2.5"]),
    "number for a name": (["outpost.name=3"], ["outpost.name", "3"]),
    "null for a name": (["outpost.name=null"], ["outpost.name", "None"]),
    "two words for a name": (["outpost.name='two words'"], ["outpost.name", "two words"]),
    "word for a switch": (["outpost.present=perhaps"], ["outpost.present", "perhaps"]),
    "word for a list": (["outpost.sensors=thermal"], ["outpost.sensors", "thermal"]),
    "word for a list of parts": (["posts=none"], ["posts", "none"]),
    "number for a part": (["posts=[3]"], ["posts.0", "3"]),
    "number for an arm": (["arms.bad=3"], ["arms.bad", "3"]),
    "null for an arm": (["arms.without=null"], ["arms.without", "None"]),
    "points for patrols": (["patrols=[[1,2],[3,4]]"], ["patrols.0", "[1, 2]"]),
    "null for the groups": (["infiltrators.groups=null"], ["infiltrators.groups", "None"]),
    "number for the output": (["output=3"], ["output", "3"]),
    "list for the output": (["output=[1]"], ["output", "[1]"]),
}

RANGES = {
    "name that leads out of the outputs": (["name='../../up'"], ["name", "../../up"]),
    "empty name": (["name=''"], ["name"]),
    "width of a line": (["terrain.lines.0.width_km=-1"], ["terrain.lines.0.width_km", "-1"]),
    "negative range": (["outpost.range_km=-1"], ["outpost.range_km", "-1", "0"]),
    "negative men": (["outpost.responders=-3"], ["outpost.responders", "-3", "0"]),
    "negative delay": (["command.report_delay_min=-5"], ["command.report_delay_min", "-5", "0"]),
    "negative cost": (["arms.with_outpost.cost_usd=-1"], ["arms.with_outpost.cost_usd", "-1", "0"]),
    "negative height of the grid": (["terrain.height_km=-3"], ["terrain.height_km", "-3", "0"]),
    "NaN": (["outpost.range_km=nan"], ["outpost.range_km", "nan", "finite"]),
    "NaN for a place": (["outpost.x_km=nan"], ["outpost.x_km", "nan", "finite"]),
    "infinite": (["outpost.range_km=inf"], ["outpost.range_km", "inf", "finite"]),
    "minus infinite": (["outpost.range_km=-inf"], ["outpost.range_km", "-inf", "finite"]),
    "NaN in a track": (["patrols.0.track=[[3,7],[nan,7]]"], ["patrols.0.track.1.0", "nan"]),
    "too large a range": (["outpost.range_km=1e9"], ["outpost.range_km", "45"]),
    "too large a probability": (["command.check_catches=1.2"], ["command.check_catches", "1.2", "1"]),
    "too many persons": (["infiltrators.groups.0.size=1000000"], ["infiltrators.groups.0.size", "1000000", "5000"]),
    "nobody in a group": (["infiltrators.groups.0.size=0"], ["infiltrators.groups.0.size", "0", "1"]),
    "no time": (["horizon_min=0"], ["horizon_min", "0", "1"]),
    "endless time": (["horizon_min=99999999999999999999"], ["horizon_min", "200000"]),
    "cells of nothing": (["terrain.cell_m=0"], ["terrain.cell_m", "0", "50"]),
    "grid of one cell": (["terrain.width_km=0.1"], ["terrain", "width_km", "0.1", "2 to 2000"]),
    "grid too wide": (["terrain.width_km=5000"], ["terrain.width_km", "5000", "4000"]),
    "share of losses over one": (["engagement.surrender_at=2"], ["engagement.surrender_at", "2", "1"]),
    "sensor beyond the horizon": (["sensors.eye.range_km=100"], ["sensors.eye.range_km", "100", "45"]),
}

WORDS = {
    "behaviour": (["infiltrators.behaviour=clever"], ["infiltrators.behaviour", "clever", "unaware", "informed"]),
    "kind of group": (["infiltrators.groups.0.kind=dragons"], ["infiltrators.groups.0.kind", "dragons", "migrants"]),
    "source of the terrain": (["terrain.source=moon"], ["terrain.source", "moon", "flat", "synthetic", "gazetteer"]),
    "kind of line": (["terrain.lines.0.kind=canal"], ["terrain.lines.0", "canal", "border_river", "ridge"]),
    "law of fighting": (["engagement.law=triangle"], ["engagement.law", "triangle", "square", "linear"]),
    "law of a sensor": (["sensors.eye.law=magic"], ["sensors.eye.law", "magic", "definite_range", "logistic"]),
    "mode of a patrol": (["patrols.0.mode=sideways"], ["patrols.0.mode", "sideways", "back_and_forth", "loop"]),
    "sensor of the outpost": (["outpost.sensors=[laser]"], ["outpost.sensors", "laser", *CATALOGUE]),
    "second sensor of a post": (["posts.0.sensors=[eye,laser]"], ["posts.0.sensors", "laser", *CATALOGUE]),
    "sensor of a patrol": (["patrols.0.sensor=laser"], ["patrols.0.sensor", "laser", *CATALOGUE]),
    "baseline": (["baseline=nobody"], ["baseline", "nobody", "without", "with_outpost"]),
    "hour over 23": (["light.sunset=25:00"], ["light.sunset", "25:00", "HH:MM"]),
    "minute over 59": (["light.sunrise=06:75"], ["light.sunrise", "06:75", "HH:MM"]),
    "clock in words": (["light.sunset=noon"], ["light.sunset", "noon", "HH:MM"]),
    "clock of twelve hours": (["light.sunset=5pm"], ["light.sunset", "5pm", "HH:MM"]),
    "start that is no moment": (["light.start=yesterday"], ["light.start", "yesterday", "YYYY-MM-DDTHH:MM"]),
    "31 November": (["light.start='2019-11-31T08:00'"], ["light.start", "YYYY-MM-DDTHH:MM"]),
    "terrain": (["terrain=moon"], ["terrain", "moon", "flat", "synthetic", "shahrituz"]),
}

WEATHER = "{name: clear, probability: 0.5, visibility: 1.0}"

TOGETHER = {
    "no groups": (["infiltrators.groups=[]"], ["infiltrators.groups", "at least one"]),
    "no arms": (["experiment=shahrituz_2019", "~arms"], ["arms", "required"]),
    "sunset before sunrise": (["light.sunset=05:00"], ["light", "sunset", "sunrise"]),
    "no weather": (["light.weather=[]"], ["light", "weather", "at least one"]),
    "weather too rare": ([f"light.weather=[{WEATHER}]"], ["light", "weather", "0.5", "allowed: 1"]),
    "weather too often": (["light.weather.0.probability=0.9"], ["light", "weather", "1.2", "allowed: 1"]),
    "departure before the earliest": (
        ["infiltrators.groups.0.depart_latest_min=10"],
        ["infiltrators.groups.0", "depart_latest_min", "10", "depart_earliest_min", "60"],
    ),
    "fastest below slowest": (
        ["infiltrators.groups.0.pace_high=0.1"],
        ["infiltrators.groups.0", "pace_high", "0.1", "pace_low", "0.7"],
    ),
    "longest below shortest": (["inland.total_hours_high=1"], ["inland", "total_hours_high", "total_hours_low", "48"]),
    "sector from east to west": (["sectors=[{name:a,west_km:5,east_km:1}]"], ["sectors.0", "east_km", "west_km", "5"]),
    # From the outpost at (8, 7.5) to the end of the track at (9, 7): sqrt(1.25) = 1.118 km, rounded up to a tenth.
    "sharing that reaches nobody": (
        ["command.sharing_radius_km=0.5"],
        ["command.sharing_radius_km", "0.5", "0 for no sharing", "1.2", "bank"],
    ),
    "post called as the patrol": (["posts.0.name=bank"], ["patrols.0.name", "bank", "posts.0"]),
    "outpost called as the post": (["outpost.name=west"], ["outpost.name", "west", "posts.0"]),
    "two border rivers": (["terrain.lines.1.kind=border_river"], ["terrain", "lines", "border", "brook", "one"]),
    "border that ends inland": (
        ["terrain.lines.0.points=[[12,6],[6,6]]"],
        ["terrain", "lines", "border", "[6, 6]", "edge"],
    ),
}

RUNNING = {
    "no replications": (["replications=0"], ["replications", "0", "1"]),
    "negative replications": (["replications=-5"], ["replications", "-5"]),
    "half a replication": (["replications=1.5"], ["replications", "1.5"]),
    "replications in words": (["replications=many"], ["replications", "many"]),
    "more replications than could be kept": (["replications=99999999999"], ["replications", "1000000000"]),
    "negative seed": (["seed=-1"], ["seed", "-1", "0"]),
    "seed in words": (["seed=text"], ["seed", "text"]),
    "fractional seed": (["seed=1.5"], ["seed", "1.5"]),
    "seed over 63 bits": (["seed=9223372036854775808"], ["seed", "9223372036854775807"]),
    "unknown execution": (["execution=cloud"], ["execution", "cloud", "local", "serial"]),
    "unknown kind of execution": (["execution.kind=cloud"], ["execution.kind", "cloud", "local", "serial"]),
    "no workers": (["execution.workers=0"], ["execution.workers", "0", "1"]),
    "too many workers": (["execution.workers=10000"], ["execution.workers", "10000", "256"]),
    "empty chunks": (["execution.chunk_size=0"], ["execution.chunk_size", "0", "1"]),
    "unknown study": (["study=magic"], ["study", "magic", "compare", "describe"]),
    "unknown name of a study": (["study.name=magic"], ["study.name", "magic", "compare", "describe"]),
    "no study": (["study="], ["study", "compare", "describe"]),
}

# -- the keys of the model's depth ----------------------------------------------------------------------------------

WORD, FRACTION, SWITCH = "far", 1.5, "perhaps"
PROBABILITY = (-0.1, 1.1, WORD)
COUNTED = (0, 51, FRACTION, WORD)
MINUTES = (-1, 10_081, FRACTION, WORD)

# Part, how a key of it is given on the command line, and for each key values that are refused.
DEPTH: dict[str, tuple[str, dict[str, tuple[object, ...]]]] = {
    "sensors.eye": ("sensors.eye.{key}={value}", {"powered": (SWITCH, 3)}),
    "posts.0": (
        "posts.0.{key}={value}",
        {"power_cuts_per_day": (-1, 101, WORD), "power_cut_hours": (0, 501, WORD)},
    ),
    "outpost": (
        "outpost.{key}={value}",
        {"power_cuts_per_day": (-1, 101, WORD), "power_cut_hours": (0, 501, WORD)},
    ),
    "patrols.0": ("patrols.0.{key}={value}", {"mode": ("zigzag", 3), "alternatives": (3, WORD)}),
    "patrols.0.alternatives.0": (
        "patrols.0.alternatives=[{{track:[[3,8],[9,8]],probability:0.5,{key}:{value}}}]",
        {"probability": PROBABILITY, "track": (3, "[[3, 8]]", "[[3, 8], [3, 8]]"), "typo": (1,)},
    ),
    "control_strip": (
        "control_strip={{{key}:{value}}}",
        {
            "present": (SWITCH,),
            "near_km": (-0.1, 10.5, WORD),
            "find_probability": PROBABILITY,
            "night_factor": PROBABILITY,
            "lines": (3, "[[[3, 8]]]", "[[[3, 8], [3, 8]]]"),
            "lasting_hours": (-1, 501, WORD),
            "trail_pace": (0, 3.5, WORD),
            "trail_loss_per_hour": (-1, 1001, WORD),
            "typo": (1,),
        },
    ),
    "command": (
        "command.{key}={value}",
        {
            "report_delay_law": ("normal", 3),
            "report_delay_stages": COUNTED,
            "false_alarm_check": (SWITCH,),
            "check_min": (-1, 1441, FRACTION, WORD),
            "check_catches": PROBABILITY,
            "common_picture": (SWITCH,),
            "route_guess_probability": PROBABILITY,
            "lost_search_min": MINUTES,
            "contact_per_man_hour": (-1, 1001, WORD),
        },
    ),
    "infiltrators": (
        "infiltrators.{key}={value}",
        {
            "behaviour": ("clever", 3),
            "quantal_min": (0, 100_001, WORD),
            "danger": (0.5, WORD),
            "streams": (3, WORD),
            "kinds": (3, WORD),
        },
    ),
    "infiltrators.danger": ("infiltrators.danger={{{key}:{value}}}", {"c00": PROBABILITY}),
    "infiltrators.groups.0": (
        "infiltrators.groups.0.{key}={value}",
        {
            "size": (0, 5001, FRACTION, WORD),
            "pace_low": (0, 3.5, WORD),
            "pace_high": (0, 3.5, WORD),
            "rafts_by_night": (SWITCH,),
            "signature": (-1, 10.5, WORD),
            "will_to_fight": PROBABILITY,
            "admitted_probability": PROBABILITY,
            "notice_km": (-1, 12.5, WORD),
            "notice_night_factor": PROBABILITY,
            "notice_probability": PROBABILITY,
            "hide_min": (-1, 1441, FRACTION, WORD),
        },
    ),
    "infiltrators.streams.0": (
        "infiltrators.streams=[{{name:flow,start_x_km:6.0,start_y_km:2.0,target_x_km:6.0,target_y_km:11.5,per_day:2.0,"
        "{key}:{value}}}]",
        {
            "name": (3, "'two words'"),
            "kind": ("tourists",),
            "per_day": (-1, 10_001, WORD),
            "from_min": (-1, 200_001, FRACTION, WORD),
            "until_min": (0, 200_001, FRACTION, WORD),
            "size": (0, 5001, FRACTION, WORD),
            "size_high": (0, 5001, FRACTION, WORD),
            "notice_km": (-1, 12.5, WORD),
            "depart_earliest_min": (3,),
        },
    ),
    "infiltrators.kinds.smugglers": (
        "infiltrators.kinds={{smugglers:{{{key}:{value}}}}}",
        {
            "size": (0, 5001, FRACTION, WORD),
            "pace_low": (0, 3.5, WORD),
            "pace_high": (0, 3.5, WORD),
            "signature": (-1, 10.5, WORD),
            "will_to_fight": PROBABILITY,
            "admitted_probability": PROBABILITY,
            "words": (3,),
            "typo": (1,),
        },
    ),
    "infiltrators.kinds": ("infiltrators.kinds={{{key}:{value}}}", {"tourists": ("{size:3}",), "migrants": (3,)}),
    "infiltrators.kinds.migrants": (
        "infiltrators.kinds={{migrants:{{{key}:{value}}}}}",
        {"will_to_fight": (0.1,)},  # nobody among migrants fights, by the model's choice
    ),
    "infiltrators.kinds.fighters.words": (
        "infiltrators.kinds={{fighters:{{words:{{{key}:{value}}}}}}}",
        {"killed": (3, "''", "x" * 41), "typo": (1,)},
    ),
    "season": (
        "season={{{key}:{value}}}",
        {
            "seasons": (0, 1001, FRACTION, WORD),
            "trials": (0, 1_000_001, FRACTION, WORD),
            "weight": PROBABILITY,
            "forgetting": PROBABILITY,
            "redeploy_share": PROBABILITY,
            "typo": (1,),
        },
    ),
    "appraisal": (
        "appraisal={{{key}:{value}}}",
        {
            "groups_per_year": (0, 1_000_001, WORD),
            "years": (0, 101, WORD),
            "value_usd": (-1, 2e12, WORD),
            "deterred_share": (-0.1, 1.0, WORD),
            "typo": (1,),
        },
    ),
}


def _named(part: str, key: str, value: object) -> list[str]:
    """Words that must stand in the refusal: the key, and the value, or that there is no such key."""
    unknown = key in ("typo", "tourists", "depart_earliest_min")
    return [f"{part}.{key}", "no such key"] if unknown else [f"{part}.{key}", str(value)[:20].strip("'[]{}")]


NEW_KEYS = {
    f"{part}.{key}={value}": ([how.format(key=key, value=value)], _named(part, key, value))
    for part, (how, keys) in DEPTH.items()
    for key, values in keys.items()
    for value in values
}

STREAM = "name:flow,start_x_km:6.0,start_y_km:2.0,target_x_km:6.0,target_y_km:11.5,per_day:2.0"
OTHER = "{track:[[3,8],[9,8]],probability:"

NEW_TOGETHER = {
    "alternatives over one": (
        [f"patrols.0.alternatives=[{OTHER}0.7}},{OTHER}0.6}}]"],
        ["patrols.0", "alternatives", "1.3", "allowed: 1 at most"],
    ),
    "alternative without a share": (
        ["patrols.0.alternatives=[{track:[[3,8],[9,8]]}]"],
        ["patrols.0.alternatives.0.probability", "required"],
    ),
    "alternative off the grid": (
        ["patrols.0.alternatives=[{track:[[3,8],[19,8]],probability:0.5}]"],
        ["patrols.0.alternatives.0.track.1.0", "19", "0 to 12"],
    ),
    "alternative over the river": (
        ["patrols.0.alternatives=[{track:[[3,8],[3,4]],probability:0.5}]"],
        ["patrols.0.alternatives.0.track", "border river", "one bank"],
    ),
    "stream that ends before it begins": (
        [f"infiltrators.streams=[{{{STREAM},from_min:500,until_min:500}}]"],
        ["infiltrators.streams.0", "until_min", "500", "more than from_min"],
    ),
    "stream of too many": (
        [f"infiltrators.streams=[{{{STREAM.replace('per_day:2.0', 'per_day:5000')}}}]"],
        ["infiltrators.streams.0", "per_day", "5000", "allowed: 2000"],
    ),
    "stream with sizes upside down": (
        [f"infiltrators.streams=[{{{STREAM},size:5,size_high:3}}]"],
        ["infiltrators.streams.0.size_high", "3", "no less than size (5)"],
    ),
    "stream with sizes below its kind's": (
        [f"infiltrators.streams=[{{{STREAM},size_high:3}}]"],
        ["infiltrators.streams.0.size_high", "3", "no less than size (20)"],
    ),
    "stream called as a group": (
        [f"infiltrators.streams=[{{{STREAM.replace('flow', 'one')}}}]"],
        ["infiltrators.streams.0.name", "one", "infiltrators.groups.0", "a name of its own"],
    ),
    "group called as a stream calls its own": (
        ["infiltrators.groups.0.name=flow_3", f"infiltrators.streams=[{{{STREAM}}}]"],
        ["infiltrators.groups", "flow_3", "flow"],
    ),
    "stream off the grid": (
        [f"infiltrators.streams=[{{{STREAM.replace('start_x_km:6.0', 'start_x_km:99')}}}]"],
        ["infiltrators.streams.0.start_x_km", "99", "0 to 12"],
    ),
    "stream with half of its keys": (
        ["infiltrators.streams=[{name:flow}]"],
        ["infiltrators.streams.0.start_x_km", "required"],
    ),
    "neither groups nor streams": (
        ["infiltrators.groups=[]", "infiltrators.streams=[]"],
        ["infiltrators.groups", "at least one", "infiltrators.streams"],
    ),
    "migrants who fight": (
        ["infiltrators.groups.0.kind=migrants", "infiltrators.groups.0.will_to_fight=0.5"],
        ["infiltrators.groups.0", "will_to_fight", "0.5", "allowed for migrants: 0"],
    ),
    "slower than the kind's slowest": (
        ["infiltrators.groups.0.pace_low=null", "infiltrators.groups.0.pace_high=0.3"],
        ["infiltrators.groups.0.pace_high", "0.3", "pace_low (0.7)"],
    ),
    "kind of upside-down paces": (
        ["infiltrators.kinds={fighters:{pace_high:0.6}}", "infiltrators.groups.0.pace_high=null"],
        ["infiltrators.groups.0.pace_high", "0.6", "pace_low (0.7)"],
    ),
}

CASES = {
    f"{kind}: {name}": case
    for kind, cases in {
        "key": KEYS,
        "type": TYPES,
        "range": RANGES,
        "word": WORDS,
        "together": TOGETHER,
        "running": RUNNING,
        "new": NEW_KEYS,
        "new together": NEW_TOGETHER,
    }.items()
    for name, case in cases.items()
}


@pytest.mark.parametrize(("arguments", "words"), CASES.values(), ids=CASES.keys())
def test_is_refused_by_name(arguments, words, refused):
    refused(arguments, words)
