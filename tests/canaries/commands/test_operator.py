"""``trapline operator``: enrol with real SSH keys, list, propose, approve."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from canaries.core.errors import HomeError, TraplineError
from canaries.installation import operator_key
from canaries.installation.home import Home
from canaries.ledger.verification import verify
from listener.cli import trapline
from tests.programs import needs

pytestmark = needs("ssh-keygen")


def run(home: Home, *arguments: str, by: str = "", key: Path | None = None, stdin: str = "") -> Result:
    environment = {"TRAPLINE_OPERATOR": by or None, "TRAPLINE_OPERATOR_KEY": str(key) if key else None}
    return CliRunner(env=environment).invoke(
        trapline, ["--home", str(home.path), "operator", *arguments], input=stdin, catch_exceptions=False
    )


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, Path]:
    found = {}
    for name, kind in (("alice", "ed25519"), ("bob", "ecdsa"), ("carol", "ed25519")):
        found[name] = tmp_path / name
        subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-f", found[name]], check=True)
    return found


def enrol(home: Home, keys: dict[str, Path], name: str, by: str) -> Result:
    file = keys[name].with_suffix(".request")
    file.write_text(run(home, "request", name, "--key", str(keys[name])).stdout)
    return run(home, "add", str(file), by=by, key=keys[by])


def test_the_whole_way_of_three_operators(home: Home, keys: dict[str, Path]) -> None:
    assert "not signed" in run(home, "list").stderr
    assert "alice is enrolled" in enrol(home, keys, "alice", "alice").stderr
    assert "bob is enrolled" in enrol(home, keys, "bob", "alice").stderr
    assert "Proposed" in enrol(home, keys, "carol", "alice").stderr
    (waiting,) = map(json.loads, run(home, "proposals", "--json").stdout.splitlines())
    assert "carol enrolled" in run(home, "proposals").stdout
    with pytest.raises(TraplineError):
        run(home, "approve", waiting["id"], by="alice", key=keys["alice"])
    assert "Done: carol enrolled" in run(home, "approve", waiting["id"], by="bob", key=keys["bob"]).stderr
    listed = [json.loads(line)["name"] for line in run(home, "list", "--json").stdout.splitlines()]
    assert listed == ["alice", "bob", "carol"]
    assert "SHA256:" in run(home, "list").stdout
    proposed = run(home, "remove", "carol", "--reason", "left", by="bob", key=keys["bob"])
    assert "Proposed" in proposed.stderr
    report = verify(home)
    assert (report.operators, report.signed, report.forged) == (("alice", "bob", "carol"), 5, ())


def test_a_key_of_trapline_s_own(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operator_key, "_SCRYPT_N", 1 << 4)
    monkeypatch.setattr("getpass.getpass", lambda _: "four words of mine")
    path = tmp_path / "dave.key"
    made = run(home, "new-key", str(path), stdin="four words of mine\n" * 2)
    assert "SHA256:" in made.stderr
    request = tmp_path / "request"
    request.write_text(run(home, "request", "dave", "--key", str(path)).stdout)
    run(home, "add", str(request), by="dave", key=path)
    assert verify(home).operators == ("dave",)


def test_without_a_key_an_operator_who_signs_does_nothing(home: Home, keys: dict[str, Path]) -> None:
    enrol(home, keys, "alice", "alice")
    with pytest.raises(HomeError, match="no key is given"):
        run(home, "remove", "alice", "--reason", "x", by="alice")
