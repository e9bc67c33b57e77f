"""What can go wrong between a job and its rows, each with a message of one line."""

from __future__ import annotations


class StoreError(Exception):
    """The output folder cannot be used: unwritable, in use, or holding something else."""


class ExecutionError(Exception):
    """Some replications could not be run.

    Attributes
    ----------
    replications:
        ``(start, stop)`` of the chunk that failed, `stop` not included.
    traceback_text:
        The traceback from where the job failed (perhaps another process), empty when there is none.
        Python prints it as a note below an uncaught error; ``str(error)`` stays one line.
    """

    def __init__(self, message: str, replications: tuple[int, int] | None = None, traceback_text: str = "") -> None:
        super().__init__(message)
        self.replications = replications
        self.traceback_text = traceback_text
        if traceback_text:
            self.add_note(traceback_text)


class MissingExtraError(Exception):
    """What was asked for needs something that is not installed, or another way of starting.

    Parameters
    ----------
    extra:
        Name of the extra of the package to install, None when all is installed.
    reason:
        What was found missing.
    """

    def __init__(self, extra: str | None, reason: str) -> None:
        how = f"execution={extra} needs the extra '{extra}': pip install 'border-sim[{extra}]' ({reason})"
        super().__init__(how if extra else reason)


def one_line(error: BaseException) -> str:
    r"""Type and message of an error on one line.

    >>> one_line(ValueError("first\nsecond"))
    'ValueError: first second'
    """
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
