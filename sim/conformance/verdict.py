"""What was found of a model: a finding for each check, with what is wrong and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from sim.conformance.display import as_html, as_text


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and its cure.

    Attributes
    ----------
    what:
        What was seen, with the place where it was seen.
    cure:
        What to do about it.
    """

    what: str
    cure: str


@dataclass(frozen=True)
class Finding:
    """What one check has found.

    Attributes
    ----------
    name:
        Of the check, as `check_model` takes it in `leave_out`.
    promise:
        What a model that passes keeps.
    problems:
        What is wrong; empty when it passed, or was not tried.
    not_tried:
        Why it was not tried; empty when it was.
    """

    name: str
    promise: str
    problems: tuple[Problem, ...] = ()
    not_tried: str = ""

    @property
    def status(self) -> str:
        """``"passed"``, ``"failed"`` or ``"not tried"``."""
        if self.not_tried:
            return "not tried"
        return "failed" if self.problems else "passed"


class ConformanceError(AssertionError):
    """A model does not keep what studies rely on; the message is the whole report."""


@dataclass(frozen=True, repr=False)
class Conformance:
    """The report on a model: printed, shown in a notebook, or raised.

    Attributes
    ----------
    model:
        Name of the class.
    findings:
        One for each check, in the order in which they were made; those that were left out are not among them.
    """

    model: str
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether every check was made, and none found anything."""
        return all(finding.status == "passed" for finding in self.findings)

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The checks that found something."""
        return tuple(finding for finding in self.findings if finding.status == "failed")

    def finding(self, name: str) -> Finding:
        """What one check has found.

        Raises
        ------
        KeyError
            If there was no such check, or it was left out.
        """
        for finding in self.findings:
            if finding.name == name:
                return finding
        raise KeyError(name)

    def raise_if_failed(self) -> None:
        """Do nothing if all is well; for tests of one's own.

        Raises
        ------
        ConformanceError
            With the report as its message.
        """
        if not self.passed:
            raise ConformanceError(str(self))

    def __bool__(self) -> bool:
        """Whether it passed, so that ``assert check_model(Mine)`` means what it says."""
        return self.passed

    def __str__(self) -> str:
        return as_text(self)

    def __repr__(self) -> str:
        passed = sum(finding.status == "passed" for finding in self.findings)
        return f"<Conformance of {self.model}: {passed} of {len(self.findings)} checks passed>"

    def _repr_html_(self) -> str:
        return as_html(self)
