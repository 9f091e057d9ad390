"""``/healthz`` and ``/metrics``: on loopback, only where asked for, and true."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from canaries.core.errors import SettingsError
from canaries.installation.home import Home
from listener.health.endpoint import HealthEndpoint
from listener.health.state import HealthReport, PartState, failing, well
from listener.health.watch import HealthWatch
from tests import steady


@contextmanager
def served(home: Home, *parts: PartState, bind: str = "127.0.0.1:0") -> Iterator[str]:
    (home.path / "trapline.toml").write_text(f'[health]\nbind = "{bind}"\n')
    home.__dict__.pop("settings", None)
    watch = HealthWatch(home, lambda home: HealthReport(home.now(), parts))
    watch.look()
    endpoint, stop = HealthEndpoint(home, watch), threading.Event()
    thread = threading.Thread(target=endpoint.run, args=(stop,))
    thread.start()
    try:
        yield f"http://{endpoint.address}"
    finally:
        stop.set()
        thread.join()


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=steady.PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_o15_a_probe_learns_whether_it_is_well(home: Home) -> None:
    with served(home, well("a", "runs")) as root:
        assert get(f"{root}/healthz") == (200, "well\n")
        assert "trapline_well 1" in get(f"{root}/metrics")[1]
        assert get(f"{root}/")[0] == 404
    with served(home, failing("sealer", "has stopped")) as root:
        assert get(f"{root}/healthz") == (503, "sealer: has stopped\n")


@pytest.mark.parametrize("bind", ["0.0.0.0:0", "x"])
def test_it_is_never_for_others(home: Home, bind: str) -> None:
    with pytest.raises(SettingsError, match=r"health\.bind"), served(home, bind=bind):
        pass


def test_a_port_that_is_taken_is_said(home: Home) -> None:
    with (
        served(home) as root,
        pytest.raises(SettingsError, match="cannot be opened"),
        served(home, bind=root.removeprefix("http://")),
    ):
        pass
