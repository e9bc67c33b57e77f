"""What all sections of a scenario share: frozen values, no unknown keys, and a provenance for each number."""

from __future__ import annotations

from collections.abc import Sequence
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
    """A number of the scenario with its meaning in one sentence, its unit, and where its value comes from.

    Either `source` says where it is published, or `assumed` gives its plausible range (or a sentence, where a range
    makes no sense). `bounds` are ``ge``, ``gt``, ``le`` and ``lt``. Without a default the key is required.
    """
    basis = list(assumed) if isinstance(assumed, tuple) else assumed
    extra: dict[str, Any] = {"unit": unit, "source": source, "assumed": basis}
    return Field(default, description=doc, strict=True, json_schema_extra=extra, **bounds)


def fraction(default: Any, doc: str, **where_from: Any) -> Any:
    """A number of the scenario from 0 to 1, a share or a probability (see `quantity`)."""
    return quantity(default, doc, ge=0, le=1, **where_from)


def minutes(default: Any, doc: str, *, le: float = 10_080, **where_from: Any) -> Any:
    """A time that is not negative, and a week at most unless `le` says otherwise (see `quantity`)."""
    return quantity(default, doc, "min", ge=0, le=le, **where_from)


def pace(default: Any, doc: str, *, le: float = 3, **where_from: Any) -> Any:
    """A speed over that of plain Tobler going, above 0; `le` bounds it (see `quantity`)."""
    return quantity(default, doc, gt=0, le=le, **where_from)


def kilometres(default: Any, doc: str, **where_from: Any) -> Any:
    """A distance or place that is not negative; `le` bounds it (see `quantity`)."""
    return quantity(default, doc, "km", ge=0, **where_from)


def choice(default: Any, doc: str, *, unit: str = "", source: str | None = None, assumed: str | None = None) -> Any:
    """A word, a switch, a list or a name of the scenario, with where it comes from (see `quantity`)."""
    return Field(default, description=doc, json_schema_extra={"unit": unit, "source": source, "assumed": assumed})


def numbered(key: str, entries: Sequence[Any]) -> dict[str, Any]:
    """The entries of a list by their keys.

    >>> numbered("posts", "ab")
    {'posts.0': 'a', 'posts.1': 'b'}
    """
    return {f"{key}.{number}": entry for number, entry in enumerate(entries)}


def one_line(error: Exception) -> str:
    r"""An error's text without its line breaks.

    >>> one_line(ValueError("a\n  b"))
    'a b'
    """
    return " ".join(str(error).split())
