"""A Ctrl-C that Python forgets."""

from __future__ import annotations

import os
import signal


class Closing:
    """Is interrupted while it is thrown away."""

    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(1000):
            pass
