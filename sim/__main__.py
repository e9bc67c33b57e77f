"""The command line: `python -m sim`, also installed as `border-sim`."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Sequence

from sim.cli.help import help_text


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the arguments ask for; returns the exit status.

    0 done, 1 the run failed, 2 the input cannot be used, 130 interrupted.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    # Loading libraries and building Worlds make a great many things that stay: to look for garbage among them after
    # each 700 more, as Python does, is a seventh of a start.
    gc.set_threshold(20_000)
    if "--help" in words or "-h" in words:
        print(help_text(), end="")
        return 0
    if "--version" in words:
        from sim import __version__

        print(f"border-sim {__version__}")
        return 0
    from sim.execution.errors import ExecutionError, MissingExtraError, StoreError
    from sim.scenario.base import ScenarioError

    logging.basicConfig(format="border-sim: %(message)s", level=logging.WARNING)
    try:
        from sim.cli.command import parse, run_command

        return run_command(parse(words))
    except (ScenarioError, StoreError, MissingExtraError) as problem:
        return _say(problem, 2)
    except ExecutionError as problem:
        return _say(problem, 1)
    except KeyboardInterrupt:
        return _say("interrupted; what was finished is kept, run again with the same output= to go on", 130)
    except BrokenPipeError:
        # Whoever read our output has gone (as `| head` does): leave quietly, without a second failure at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _say(problem: object, status: int) -> int:
    print(f"border-sim: {problem}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
