"""`--help`, `--version`, `--cfg job` and `study=describe`: what is told without running anything."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pandas as pd
import pytest
import yaml

import sim
from sim.__main__ import main
from sim.cli.help import help_text
from sim.config_folder import study_names
from sim.scenario.keys import flatten
from sim.scenario.load import compose
from sim.scenario.scenario import Provenance, Scenario
from sim.study.settings import run_settings_schema

HEAVY = ("numpy", "hydra", "omegaconf", "mesa", "matplotlib", "pandas", "scipy", "numba", "pydantic", "pyarrow", "yaml")

# What outside programs rely on.
PROMISED = (
    *("seed", "replications", "output", "study", "execution", "posts", "patrols"),
    *("outpost.x_km", "outpost.y_km", "outpost.range_km", "outpost.response_km", "outpost.frontage_km"),
    *("outpost.days_open", "outpost.sensors", "reaction_force.notice_min"),
    *("command.report_delay_min", "command.sharing_radius_km"),
    *("infiltrators.behaviour", "infiltrators.aversion", "infiltrators.groups"),
    *("terrain.source", "terrain.cell_m", "light.sunset", "light.sunrise"),
    *("arms.without", "arms.with_outpost", "baseline"),
)


def _at(data, key):
    for part in key.split("."):
        data = data[part]
    return data


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_goes_to_stdout(flag, capsys):
    assert main([flag]) == 0
    told = capsys.readouterr()
    assert told.out == help_text()
    assert told.err == ""
    assert max(map(len, told.out.splitlines())) <= 120


def test_help_wins_over_what_else_is_said(capsys):
    assert main(["study=magic", "--help"]) == 0
    assert capsys.readouterr().out == help_text()


def test_help_names_every_study_and_execution_there_is():
    # The names as the schema knows them, not as the help was written.
    from sim.execution.executor import ExecutionSettings
    from sim.study.settings import run_settings_schema

    studies = run_settings_schema().model_fields["study"].annotation
    for settings, field in ((studies, "name"), (ExecutionSettings, "kind")):
        for name in settings.model_json_schema()["properties"][field]["enum"]:
            assert name in help_text()


def test_help_tells_the_defaults_that_are_in_force():
    config = compose([])
    lines = help_text().splitlines()
    for key in ("replications", "precision", "strict", "seed", "report"):
        [line] = [line for line in lines if line.split("=")[0].strip() == key]
        assert line.endswith(f"[{str(config[key]).lower()}]")


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"border-sim {sim.__version__}\n"


@pytest.mark.parametrize("flag", ["--help", "--version"])
def test_help_imports_nothing_heavy(flag, child_environment):
    code = (
        "import json, runpy, sys\n"
        f"sys.argv = ['sim', {flag!r}]\n"
        "try:\n    runpy.run_module('sim', run_name='__main__')\n"
        "except SystemExit as end:\n    status = end.code\n"
        "print(json.dumps([status, sorted(sys.modules)]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=child_environment, timeout=60, check=True
    )
    status, modules = json.loads(done.stdout.splitlines()[-1])
    assert status == 0
    assert "sim" in modules
    assert not set(HEAVY) & set(modules)


def test_a_start_loads_nothing_of_what_runs(child_environment):
    code = "import sys, sim.cli.command; print(*sys.modules); import sim.study.running; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=child_environment, timeout=60, check=True
    )
    command, description = (set(line.split()) for line in done.stdout.splitlines())
    assert command.isdisjoint({"numpy", "pandas", "scipy", "numba"})
    assert description.isdisjoint({"scipy", "numba"})


def test_configuration_is_yaml_with_the_promised_keys(capsys):
    assert main(["--cfg", "job"]) == 0
    told = capsys.readouterr()
    config = yaml.safe_load(told.out)
    assert told.err == ""
    for key in PROMISED:
        _at(config, key)
    assert config["seed"] == 1
    assert config["name"] == "shahrituz_2019"
    assert config["study"]["name"] == "compare"


@pytest.mark.parametrize("flag", [["--cfg", "job"], ["--cfg=job"], ["-c", "job"]])
def test_configuration_shows_the_values_in_force(flag, capsys):
    assert main(["outpost.range_km=12.5", *flag, "seed=7", "execution=serial"]) == 0
    config = yaml.safe_load(capsys.readouterr().out)
    assert config["outpost"]["range_km"] == 12.5
    assert config["seed"] == 7
    assert config["execution"]["kind"] == "serial"


def test_configuration_writes_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["--cfg", "job", "output=here"]) == 0
    assert "output: here" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def described(tmp_path_factory):
    """The table of `study=describe output=...`, as read back from the file."""
    folder = tmp_path_factory.mktemp("describe")
    assert main(["study=describe", f"output={folder}"]) == 0
    assert [path.name for path in folder.iterdir()] == ["describe.csv"]
    return pd.read_csv(folder / "describe.csv", keep_default_na=False, dtype=str)


def test_description_has_every_key_of_the_scenario_once(described):
    # Every leaf of the validated scenario must stand under a row of its own key or of the list that holds it.
    case = sim.load_scenario()
    keys = set(described["key"])
    assert described["key"].is_unique
    left_out = ("doubts", "provenance")
    leaves = [key for key, _ in flatten(case.model_dump()) if not key.startswith(left_out)]
    assert [key for key in leaves if not _covered(key, keys)] == []
    assert {"seed", "replications", "output", "study.name", "execution.kind"} <= keys


def _covered(key, keys):
    parts = key.split(".")
    return any(".".join(parts[:count]) in keys for count in range(len(parts), 0, -1))


def test_description_says_unit_range_and_basis(described):
    row = described.set_index("key").loc["outpost.range_km"]
    assert row["value"] == "6.7"
    assert row["unit"] == "km"
    assert "45" in row["allowed"]
    assert row["basis"] == "sourced"
    assert "thermal" in row["from"]
    assert set(described["basis"]) == {"sourced", "assumed"}
    assert (described["from"] != "").all()


def test_description_says_what_the_schema_refuses(described):
    """Bounds as pydantic's JSON schema has them, for every number of the case and of the run settings."""
    words = {"minimum": ">=", "exclusiveMinimum": ">", "maximum": "<=", "exclusiveMaximum": "<"}
    wanted = {}
    for schema in (Scenario, run_settings_schema()):
        data = schema.model_json_schema()
        parts = {"": data} | {
            f"{name}.": data["$defs"][part["$ref"].rpartition("/")[2]]
            for name, part in data["properties"].items()
            if "$ref" in part
        }
        for above, part in parts.items():
            for name, field in part["properties"].items():
                kinds = [field, *field.get("anyOf", [])]
                limits = {f"{words[key]} {kind[key]:g}" for kind in kinds for key in words if key in kind}
                wanted[f"{above}{name}"] = limits
    shown = described.set_index("key")["allowed"]
    found = {key: set(re.findall(r"[<>]=? [-\w.+]+", shown[key])) for key in wanted if key in shown}
    assert found == {key: limits for key, limits in wanted.items() if key in shown}
    assert sum(map(bool, found.values())) > 60


def test_description_keeps_value_default_and_basis_apart(described):
    rows = described.set_index("key")
    columns = ["value", "default", "unit", "allowed", "basis"]
    assert rows.loc["outpost.range_km", columns].tolist() == ["6.7", "3", "km", "number >= 0 and <= 45", "sourced"]
    assert rows.loc["light.sunset", columns[:1] + columns[2:4]].tolist() == ["17:29", "HH:MM", "00:00 to 23:59"]
    assert rows.loc["season.seasons", ["value", "basis", "from"]].tolist() == ["8", "assumed", "3 to 20"]
    assert rows.loc["execution.kind", "allowed"] == "local | serial | dask | mpi"
    assert rows.loc["study.name", "allowed"].split(" | ") == list(study_names())


def test_what_the_case_says_of_a_key_comes_before_what_the_schema_says():
    case = sim.load_scenario()
    given = {"season.*": Provenance(assumed=(5, 6), note="as asked"), "season.weight": Provenance(source="nobody")}
    rows = sim.describe(case.model_copy(update={"provenance": given})).set_index("key")
    for key in ("season.seasons", "season.weight"):  # the first pattern that fits
        assert rows.loc[key, ["basis", "from"]].tolist() == ["assumed", "5 to 6 (as asked)"]
    assert rows.loc["light.twilight_min", "basis"] == "sourced"


def test_description_shows_the_values_in_force(capsys):
    assert main(["study=describe", "outpost.range_km=12.5"]) == 0
    told = capsys.readouterr()
    [line] = [line for line in told.out.splitlines() if line.startswith("outpost.range_km ")]
    assert line.split()[1] == "12.5"
    assert told.err == ""


def test_description_on_the_terminal_has_every_key(described, capsys):
    assert main(["study=describe"]) == 0
    shown = [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:]]
    assert len(shown) == len(described)
    # Long keys are cut on the terminal, and whole in the file.
    assert all(key.startswith(cut.removesuffix("...")) for cut, key in zip(shown, described["key"], strict=True))
