"""The trial of ports."""

from __future__ import annotations

import socket

from canaries.installation.home import Home
from listener.health.checks import View
from listener.health.trials.ports import PortsTrial
from tests.listener.health.looking import failures, notes


def test_each_open_trap_is_tried_where_bait_leads(home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        (home.path / "trapline.toml").write_text(f'[bait]\nbase_url = "http://127.0.0.1:{port}"\n')
        traps = {"http": ["127.0.0.1:9"], "redis": [f"127.0.0.1:{port}"], "wireguard": ["127.0.0.1:1"]}
        fresh = Home(home.path)
        seen = View(fresh, home.clock.now(), {"traps": traps})
        parts = list(PortsTrial().run(seen))
        assert not failures(parts)
        assert "ports: wireguard: it speaks UDP only" in notes(parts)
    found = failures(list(PortsTrial().run(seen)))
    assert "ports: http: nothing answers" in found
    assert "ports: redis: nothing answers" in found
