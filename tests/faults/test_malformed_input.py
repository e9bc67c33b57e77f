"""Bad keys and values: refused with status 2 and one line that names the key, before anything is built."""

from __future__ import annotations

import pytest

CATALOGUE = ("eye", "ground_sensor", "radar", "thermal", "tower")

KEYS = {
    "list item that is not there, and what is": (["posts.9.range_km=3"], ["posts.9.range_km", "0"]),
    "unknown key": (["outpots.range_km=3"], ["outpots.range_km", "no such key"]),
    "unknown nested key": (["outpost.rnage_km=3"], ["outpost.rnage_km", "no such key"]),
    "unknown key in a list item": (["posts.0.rnage_km=3"], ["posts.0.rnage_km", "no such key"]),
    "unknown key of an arm": (["arms.with_outpost.cost=1"], ["arms.with_outpost.cost", "no such key"]),
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
    "too large a probability": (["command.contact_probability=1.2"], ["command.contact_probability", "1.2", "1"]),
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

CASES = {
    f"{kind}: {name}": case
    for kind, cases in {
        "key": KEYS,
        "type": TYPES,
        "range": RANGES,
        "word": WORDS,
        "together": TOGETHER,
        "running": RUNNING,
    }.items()
    for name, case in cases.items()
}


@pytest.mark.parametrize(("arguments", "words"), CASES.values(), ids=CASES.keys())
def test_is_refused_by_name(arguments, words, refused):
    refused(arguments, words)
