"""The command that serves the page: refused before anything starts, with a message and exit status 2."""

from __future__ import annotations

import os
import socket

import pytest

from sim.watch import __main__ as serve


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as stopped:
        serve.main(arguments)
    assert stopped.value.code == 2
    return capsys.readouterr().err


def test_without_the_extra_it_says_which_one_is_needed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve.importlib.util, "find_spec", lambda _: None)
    assert '".[app]"' in refused(capsys)


@pytest.fixture
def extra(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Pretend that the extra is there, and start no server."""
    served: list[int] = []
    monkeypatch.setattr(serve.importlib.util, "find_spec", lambda _: object())
    monkeypatch.setattr(serve, "_serve", served.append)
    for name in (*serve.QUIET_SERVER, "BORDER_SIM_EXPERIMENT"):
        monkeypatch.setenv(name, "")
    return served


@pytest.mark.parametrize("port", ["0", "65536", "-1", "x"])
def test_a_port_that_is_none(extra: list[int], capsys: pytest.CaptureFixture[str], port: str) -> None:
    assert "--port" in refused(capsys, f"--port={port}")
    assert extra == []


def test_a_port_that_is_taken(extra: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as holder:
        holder.bind((serve.HOST, 0))
        holder.listen()
        port = holder.getsockname()[1]
        assert str(port) in refused(capsys, f"--port={port}")
    assert extra == []


def test_an_unknown_experiment(extra: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    assert "nowhere" in refused(capsys, "--experiment=nowhere", f"--port={free_port()}")
    assert extra == []


def test_a_good_command_serves_on_this_machine_and_sends_no_statistics(extra: list[int]) -> None:
    port = free_port()
    assert serve.main([f"--port={port}"]) == 0
    assert extra == [port]
    assert serve.HOST == "127.0.0.1"
    assert os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] == "false"


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind((serve.HOST, 0))
        return int(trial.getsockname()[1])
