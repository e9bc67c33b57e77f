"""The registry of studies, and what each study's module must define."""

from __future__ import annotations

import importlib
import inspect

import pytest

from sim import config_folder
from sim.config_folder import study_names
from sim.scenario.base import ScenarioError
from sim.study.base import Study, all_studies, find_study


@pytest.mark.parametrize("study", list(all_studies()), ids=lambda study: study.name)
def test_the_module_of_a_study_has_the_functions_that_are_called_in_it(study: Study) -> None:
    module = importlib.import_module(f"sim.study.{study.name}.{study.module}")
    assert list(inspect.signature(module.prepare).parameters) == ["request", "context"]
    assert hasattr(module, "replayed") == study.replays
    if study.replays:
        assert list(inspect.signature(module.replayed).parameters) == ["folder", "manifest", "number"]


def test_a_file_without_a_folder_is_no_study(monkeypatch: pytest.MonkeyPatch) -> None:
    names = study_names()
    monkeypatch.setattr(config_folder, "options", lambda group: [*names, "zebra"])
    assert study_names() == names
    with pytest.raises(ScenarioError, match="study: is 'zebra'; allowed: compare, "):
        find_study("zebra")
