"""The one exception for input that cannot be used."""

from __future__ import annotations


class ScenarioError(ValueError):
    """Input that cannot be simulated: the message names the key, its value and what is allowed."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"{key}: {problem}")
        self.key = key
