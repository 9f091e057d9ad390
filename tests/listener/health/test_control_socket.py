"""Asking over the socket: private, under any path, and every way of not being answered has its sentence."""

from __future__ import annotations

import asyncio
import socket
import stat
import threading
from pathlib import Path
from typing import Any

import pytest

from listener.health import control_socket
from listener.health.control_socket import NAME, NoAnswerError, NotRunningError
from tests import steady


def talk(folder: Path, *requests: dict[str, Any]) -> list[dict[str, Any]]:
    async def answer(request: dict[str, Any]) -> dict[str, Any]:
        return {"heard": request}

    async def scene() -> list[dict[str, Any]]:
        server = await control_socket.serve(folder, answer)
        found = [await asyncio.to_thread(control_socket.ask, folder, request) for request in requests]
        server.close()
        return found

    return asyncio.run(scene())


def test_what_is_asked_is_answered(tmp_path: Path) -> None:
    assert talk(tmp_path, {"ask": "status"}, {"ask": "x"}) == [
        {"heard": {"ask": "status"}},
        {"heard": {"ask": "x"}},
    ]
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
    assert control_socket.left_behind(tmp_path)
    control_socket.gone(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_path_longer_than_a_socket_address_may_be(tmp_path: Path) -> None:
    folder = tmp_path / ("deep" * 30) / ("deeper" * 20)
    folder.mkdir(parents=True)
    assert talk(folder, {"ask": "status"})


def test_one_that_was_left_behind_is_replaced(tmp_path: Path) -> None:
    talk(tmp_path, {"ask": "status"})
    assert (tmp_path / NAME).exists()
    assert talk(tmp_path, {"ask": "status"})


def test_no_listener(tmp_path: Path) -> None:
    with pytest.raises(NotRunningError, match="no listener runs"):
        control_socket.ask(tmp_path, {"ask": "status"})
    talk(tmp_path, {"ask": "status"})
    with pytest.raises(NotRunningError):
        control_socket.ask(tmp_path, {"ask": "status"})


@pytest.mark.parametrize("said", [None, b"", b"[1]\n", b'{"a":'])
def test_one_that_does_not_answer_right(tmp_path: Path, monkeypatch: Any, said: bytes | None) -> None:
    monkeypatch.chdir(tmp_path)
    done = threading.Event()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(NAME)
        server.listen(1)

        def serve() -> None:
            peer, _ = server.accept()
            with peer:
                peer.recv(100)
                if said is None:
                    done.wait(steady.PATIENCE)
                else:
                    peer.sendall(said)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(NoAnswerError):
            control_socket.ask(tmp_path, {"ask": "status"}, 0.3)
        done.set()
        thread.join()
