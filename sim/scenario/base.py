"""What all sections of a scenario share: frozen values, no unknown keys, and a provenance for each number."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=40, strict=True)]
"""What posts, patrols, groups and arms are called: letters, digits and underscores, 40 at most."""


class ScenarioError(ValueError):
    """Input that cannot be simulated: the message names the key, its value and what is allowed."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"{key}: {problem}")
        self.key = key


class Section(BaseModel):
    """A frozen, validated section of a scenario; unknown keys, NaN and infinities are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)


def check_order(section: Section, smaller: str, larger: str) -> None:
    """Refuse a section in which one key is below another, where both have values."""
    low, high = getattr(section, smaller), getattr(section, larger)
    if low is not None and high is not None and high < low:
        raise ValueError(f"{larger} is {high}; allowed: no less than {smaller} ({low})")


def quantity(
    default: Any = ...,
    doc: str = "",
    unit: str = "",
    *,
    source: str | None = None,
    assumed: tuple[float, float] | str | None = None,
    **bounds: Any,
) -> Any:
    """A number of the scenario with its unit, its allowed range and where its value comes from.

    Parameters
    ----------
    default:
        The value when the configuration does not set one; ``...`` makes the key required.
    doc:
        One sentence for the reader of ``study=describe``.
    unit:
        The unit in words or symbols, empty for pure numbers.
    source:
        Where the value is published. Give either this or `assumed`.
    assumed:
        The plausible range of a value that nobody has published (or a sentence, where a range makes no sense).
    bounds:
        ``ge``, ``gt``, ``le``, ``lt``: what is allowed.
    """
    extra: dict[str, Any] = {
        "unit": unit,
        "source": source,
        "assumed": list(assumed) if isinstance(assumed, tuple) else assumed,
    }
    return Field(default, description=doc, strict=True, json_schema_extra=extra, **bounds)


def fraction(default: Any, doc: str, **where_from: Any) -> Any:
    """A number of the scenario from 0 to 1, a share or a probability (see `quantity`)."""
    return quantity(default, doc, ge=0, le=1, **where_from)


def minutes(default: Any, doc: str, **where_from: Any) -> Any:
    """A time that is not negative; `le` bounds it (see `quantity`)."""
    return quantity(default, doc, "min", ge=0, **where_from)


def kilometres(default: Any, doc: str, **where_from: Any) -> Any:
    """A distance or place that is not negative; `le` bounds it (see `quantity`)."""
    return quantity(default, doc, "km", ge=0, **where_from)


def choice(default: Any, doc: str, *, unit: str = "", source: str | None = None, assumed: str | None = None) -> Any:
    """A word, a switch, a list or a name of the scenario, with where it comes from (see `quantity`)."""
    return Field(default, description=doc, json_schema_extra={"unit": unit, "source": source, "assumed": assumed})


def one_line(error: Exception) -> str:
    r"""An error's text without its line breaks.

    >>> one_line(ValueError("a\n  b"))
    'a b'
    """
    return " ".join(str(error).split())
