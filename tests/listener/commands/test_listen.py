"""``trapline listen``: what it refuses before anything is open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from canaries.installation.home import Home
from tests import steady


def refused(start_listen: Any, home: Path, *options: str) -> str:
    process = start_listen(home, *options)
    out, talk = process.communicate(timeout=steady.PATIENCE)
    assert (process.returncode, out) == (2, "")
    assert "Traceback" not in talk
    return str(talk)


def test_without_an_installation(start_listen: Any, tmp_path: Path) -> None:
    assert "run: trapline init" in refused(start_listen, tmp_path / "nothing")


def test_an_unknown_trap_and_a_bad_setting_are_named(start_listen: Any, tmp_path: Path) -> None:
    for number, (toml, word) in enumerate(
        [
            ("[traps.htpp]\n", "'htpp'"),
            ('[traps.http]\nbnid = ["127.0.0.1:0"]\n', "'bnid' in traps.http"),
            ('[traps.http]\nbind = ["127.0.0.1"]\n', "is not host:port"),
            ('[traps.http]\nforwarded_from = ["my proxy"]\n', "my proxy"),
            (
                '[traps.http]\nbind = ["127.0.0.1:0"]\n[listen]\ncertificates = ["/nowhere.pem"]\n',
                "/nowhere.pem",
            ),
        ]
    ):
        home = Home.create(tmp_path / str(number), toml)
        home.store.close()
        assert word in refused(start_listen, home.path, "--ready-file", str(tmp_path / "ready"))
        assert not (tmp_path / "ready").exists()
