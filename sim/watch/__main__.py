"""Serve the page in the browser from this machine: ``python -m sim.watch``.

It starts Solara's server without what the server's own command line sends out: a check for newer releases, and
statistics of use.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import socket
import sys
import warnings
from collections.abc import Sequence

from sim.scenario import ScenarioError
from sim.study.settings import load_scenario

HOST, PORT = "127.0.0.1", 8765
QUIET_SERVER = {
    "SOLARA_APP": "sim.app",
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_ASSETS_PROXY": "true",
    "SOLARA_THEME_SHOW_BANNER": "false",
}
"""Settings that keep the page on this machine; its parts come from the package solara-assets."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, check it, and serve until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m sim.watch", description="Watch one run in the browser.")
    parser.add_argument("--port", type=int, default=PORT, help=f"of {HOST} (default {PORT})")
    parser.add_argument("--experiment", help="a name under configs/experiment, or a YAML file of your own")
    asked = parser.parse_args(arguments)
    if importlib.util.find_spec("solara") is None or importlib.util.find_spec("uvicorn") is None:
        parser.error('the page needs the extra "app": make app sets it up, or pip install -e ".[app]"')
    if problem := _port_problem(asked.port):
        parser.error(f"--port: {problem}")
    served = dict(QUIET_SERVER)
    if asked.experiment:
        try:
            load_scenario(asked.experiment)
        except ScenarioError as problem:
            parser.error(str(problem))
        served["BORDER_SIM_EXPERIMENT"] = asked.experiment
    os.environ.update(served)
    _serve(asked.port)
    return 0


def _port_problem(port: int) -> str:
    """Why a port cannot be had; empty if it can."""
    if not 1 <= port <= 65535:
        return f"is {port}; allowed: 1 to 65535"
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((HOST, port))
        except OSError as error:
            return f"{port} cannot be had ({error.strerror}); allowed: a free one"
    return ""


def _serve(port: int) -> None:
    import uvicorn

    warnings.filterwarnings("ignore", message="Cookies with samesite")
    sys.stdout.write(f"Open http://localhost:{port} in a browser. Ctrl-C stops the server.\n")
    sys.stdout.flush()
    uvicorn.run("solara.server.starlette:app", host=HOST, port=port, log_level="warning")


if __name__ == "__main__":
    sys.exit(main())
