"""The settings take what is allowed and nothing else."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from sim.execution.executor import ExecutionSettings


def test_defaults_and_kinds():
    settings = ExecutionSettings()
    assert (settings.kind, settings.workers, settings.chunk_size) == ("local", None, None)
    assert settings.wait_s == 60
    assert all(ExecutionSettings(kind=kind).kind == kind for kind in ("local", "serial", "dask", "mpi"))


@pytest.mark.parametrize(
    "values", [{"workers": 1}, {"workers": 256}, {"chunk_size": 1}, {"chunk_size": 10**9}, {"wait_s": 1.5}]
)
def test_allowed(values):
    assert ExecutionSettings(**values).model_dump(include=values.keys()) == values


@pytest.mark.parametrize(
    "values",
    [
        {"workers": 0},
        {"workers": 257},
        {"workers": 2.5},
        {"workers": "2"},
        {"workers": True},
        {"workers": float("nan")},
        {"chunk_size": 0},
        {"chunk_size": -3},
        {"wait_s": 0},
        {"wait_s": float("inf")},
        {"kind": "cloud"},
        {"kind": None},
        {"cores": 2},
    ],
)
def test_refused(values):
    with pytest.raises(ValidationError, match=next(iter(values))):
        ExecutionSettings(**values)
