"""What Hydra and OmegaConf say of an override or a file, as one line that names the key and what is allowed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sim.config_folder import options
from sim.scenario.problem import ScenarioError

_UNKNOWN_KEY = re.compile(r"Could not override '([^']+)'")
_UNKNOWN_OPTION = re.compile(
    r"Could not find '([\w/]+)/([^'/]*)' Available options in '[^']*': (.*?) Config search path"
)
_LISTED_TWICE = re.compile(r"Multiple values for (\w+)")


def refusal(error: Exception, overrides: Sequence[str] = ()) -> ScenarioError:
    """The problem that a refusal by Hydra or OmegaConf stands for."""
    text = one_line(error)
    if found := _UNKNOWN_OPTION.search(text):
        return _no_such_option(*found.groups())
    if found := _UNKNOWN_KEY.search(text):
        return ScenarioError(found[1], "no such key; study=describe lists all of them")
    if found := _LISTED_TWICE.search(text):
        return ScenarioError(found[1], "is given several values; allowed: one (or -m for a sweep)")
    key = getattr(error, "full_key", None)
    return ScenarioError(str(key) if key else _named(text, overrides), text)


def _no_such_option(folder: str, name: str, beside: str) -> ScenarioError:
    """An option in a folder of its own is named, and listed, by the group's key: Hydra names the folder."""
    key, slash, within = folder.partition("/")
    known = options(key) if slash else beside.split()
    return ScenarioError(key, f"is '{within}{slash}{name}'; allowed: {', '.join(known)}")


def _named(text: str, overrides: Sequence[str]) -> str:
    """The key of the override that a message quotes, where it quotes one."""
    for override in overrides:
        if override in text:
            return override.partition("=")[0].lstrip("+~")
    return "configuration"


def one_line(error: Exception) -> str:
    r"""An error's text without its line breaks.

    >>> one_line(ValueError("a\n  b"))
    'a b'
    """
    return " ".join(str(error).split())
