"""The trap beside OpenSSH's own server: what a client of OpenSSH, ssh-keyscan and ssh-audit are shown, on both sides.

The server of this machine is a newer one than those that a host of the trap has. It is set to their algorithms; what
differs after that is in `DIFFERENCES`, with its reason.
"""

from __future__ import annotations

import getpass
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import real_servers, steady
from tests.programs import needs

_AS_BEFORE = """
KexAlgorithms -sntrup761*
HostKeyAlgorithms +ssh-rsa
"""
"""OpenSSH 8.5 added sntrup761 to its defaults, 8.8 took ssh-rsa from them."""
_TELLING = re.compile(
    r"debug\d: (kex: |kex_input_ext_info: |Authentications that can|client_input_(global_request|channel_req)"
    r"|Remote: |peer server KEXINIT|compat_banner|channel \d: (rcvd|open confirm)|exec request|channel_input_status)"
)
_TAKEN_OUT = (
    (r"match: OpenSSH_\S+ (Debian|Ubuntu)\S*", "match: *"),
    (r"Remote: \S+:1: ", "Remote: *:1: "),
)
"""(expression, what stands for it): versions and paths."""
AUDIT = str(Path(sys.executable).with_name("ssh-audit"))
DIFFERENCES = {
    r"publickey-hostbound@openssh.com": "since OpenSSH 8.9; the hosts of the trap have 8.2 and 8.4",
    r"server-sig-algs": "the same names; OpenSSH 8.5 put them into another order (the next test compares them)",
    r"rcvd (eof|close)|channel_req": "a shell that ends and its output race each other, on real servers too",
}
"""What is not compared line by line, and why."""


@dataclass(frozen=True)
class Side:
    """One of the two."""

    port: int
    seen: str
    """What ``ssh -vv`` said of a command."""


@pytest.fixture(scope="module")
def sides(steal: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Side]]:
    """``trap`` and ``sshd``, both visited with the same key."""
    theft, folder = steal("ssh", "ssh-key"), tmp_path_factory.mktemp("sshd")
    key = folder / "id"
    key.write_bytes(next(one.content for one in theft.bait.files if b"PRIVATE KEY" in one.content))
    key.chmod(0o600)
    public = next(one.value for one in theft.canary.tokens if one.facet == "public_key")
    (folder / "authorized").write_text(f"ssh-ed25519 {public}\n")
    with real_servers.sshd(folder, folder / "authorized", _AS_BEFORE) as port:
        yield {
            name: Side(where, visit(theft, folder / name, key, where))
            for name, where in (("trap", theft.port), ("sshd", port))
        }


def visit(theft: Any, known: Path, key: Path, port: int) -> str:
    settings = (
        f"UserKnownHostsFile={known}",
        "StrictHostKeyChecking=no",
        "IdentitiesOnly=yes",
        "BatchMode=yes",
    )
    options = [part for one in settings for part in ("-o", one)]
    where = ["-p", str(port), "-i", str(key), f"{getpass.getuser()}@127.0.0.1", "id"]
    return str(theft.run("ssh", "-vv", "-F", "none", *options, *where))


def telling(seen: str) -> list[str]:
    """The lines that say what the server said, without what differs between two servers."""
    lines, inside = [], False
    for line in seen.splitlines():
        inside = inside or "peer server KEXINIT" in line
        if inside or _TELLING.match(line):
            for pattern, instead in _TAKEN_OUT:
                line = re.sub(pattern, instead, line)
            lines.append(line.strip())
        inside = inside and "reserved" not in line
    return lines


@needs("ssh", "sshd")
def test_a_client_of_openssh_is_told_the_same(sides: dict[str, Side]) -> None:
    differs = re.compile("|".join(DIFFERENCES))
    trap, sshd = (
        [line for line in telling(sides[name].seen) if not differs.search(line)] for name in ("trap", "sshd")
    )
    assert trap == sshd
    assert len(trap) > 20
    for difference in DIFFERENCES:
        assert re.search(difference, sides["sshd"].seen), "strike it off"


@needs("ssh", "sshd")
def test_the_signatures_it_takes_are_named(sides: dict[str, Side]) -> None:
    found = {
        name: set(re.findall(r"server-sig-algs=<(.*)>", side.seen)[0].split(","))
        for name, side in sides.items()
    }
    since = {"webauthn-sk-ecdsa-sha2-nistp256@openssh.com"}  # 8.4
    assert found["sshd"] - found["trap"] <= since
    assert found["trap"] <= found["sshd"]


@needs("ssh-keyscan", "sshd")
def test_the_same_sorts_of_host_keys(sides: dict[str, Side], tmp_path: Path) -> None:
    found = {}
    for name, side in sides.items():
        command = ["ssh-keyscan", "-p", str(side.port), "127.0.0.1"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=steady.PATIENCE, check=True)
        keys = [line.split()[1:] for line in done.stdout.splitlines() if not line.startswith("#")]
        found[name] = sorted((kind, len(blob)) for kind, blob in keys)
    assert found["trap"] == found["sshd"]
    assert len(found["trap"]) == 3


@needs("sshd")
def test_ssh_audit_finds_the_same(sides: dict[str, Side]) -> None:
    if not Path(AUDIT).is_file():
        pytest.skip("needs ssh-audit")
    found = {name: audited(side.port) for name, side in sides.items()}
    assert found["trap"] == found["sshd"]
    assert {"kex", "key", "enc", "mac"} <= set(found["trap"])


def audited(port: int) -> dict[str, Any]:
    """What ssh-audit says of algorithms, sizes and weaknesses; it ends with another status where it finds some."""
    command = [AUDIT, "--skip-rate-test", "-j", "-p", str(port), "127.0.0.1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    said = json.loads(done.stdout)
    return {part: said[part] for part in ("kex", "key", "enc", "mac", "compression")}
