"""Whether the class can be sent to worker processes: by name, as Python sends classes."""

from __future__ import annotations

import importlib
import pickle
import sys
from collections.abc import Iterator
from typing import Any

from sim.conformance.errors import last_line
from sim.conformance.own_code import own_classes
from sim.conformance.subject import Subject
from sim.conformance.verdict import Problem

TO_MODULE = "move it to the top level of a module of its own (a file such as my_model.py), and import it from there"


def check_pickling(subject: Subject) -> Iterator[Problem]:
    """Look for the class and those of its agents where other processes will look for them, and pickle the job."""
    for kind in dict.fromkeys((subject.model, *own_classes(subject.model))):
        what = _unreachable(kind)
        if what:
            yield Problem(what, TO_MODULE)
            return
    try:
        back = pickle.loads(pickle.dumps(subject.model))
    except Exception as error:
        yield Problem(f"{subject.name} cannot be pickled: {last_line(error)}", TO_MODULE)
        return
    if back is not subject.model:
        yield Problem(f"what is unpickled is not {subject.name} but {back!r}", TO_MODULE)


def _unreachable(kind: type) -> str | None:
    """Why another process cannot find a class; None when it can."""
    if "<locals>" in kind.__qualname__:
        return f"{kind.__name__} is defined in a function ({kind.__qualname__}), where no other process can find it"
    if kind.__module__ == "__main__" and not getattr(sys.modules["__main__"], "__file__", None):
        return f"{kind.__name__} is defined in a notebook or at the prompt, where no other process can find it"
    try:
        found: Any = importlib.import_module(kind.__module__)
        for part in kind.__qualname__.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError) as error:
        return f"{kind.__name__} is not found at {kind.__module__}.{kind.__qualname__}: {last_line(error)}"
    if found is not kind:
        return f"{kind.__module__}.{kind.__qualname__} is another class than {kind.__name__} that was given"
    return None
