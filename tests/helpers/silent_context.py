"""How tests run a study: in this process, or as they say, and without a word."""

from __future__ import annotations

from typing import Any

from sim.execution.executor import ExecutionSettings
from sim.execution.progress import Progress
from sim.study.running import RunContext


def silent_context(engine: str = "compiled", kind: str = "serial", **execution: Any) -> RunContext:
    """A context with the execution settings that are given."""
    settings = ExecutionSettings(kind=kind, **execution)
    return RunContext(settings, engine, lambda label, unit: Progress(), lambda line: None)
