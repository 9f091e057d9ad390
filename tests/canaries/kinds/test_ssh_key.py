"""An SSH key: files that OpenSSH takes as they are, and lead to the trap."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from canaries.core.errors import MintError
from canaries.core.model import Bait
from canaries.protocols import ssh_keys
from tests.programs import needs

Mint = Callable[..., Bait]


def files(bait: Bait) -> dict[str, str]:
    return {file.path: file.content.decode() for file in bait.files}


def test_the_tokens_are_what_a_server_sees(mint: Mint) -> None:
    bait = mint("ssh-key")
    values = {token.facet: token.value for token in bait.tokens}
    assert files(bait)[".ssh/id_ed25519.pub"].split()[1] == values["public_key"]
    assert values["fingerprint"].startswith("SHA256:")
    assert values["host"] == bait.row["host"]


def test_the_host_is_known_by_the_installations_key(mint: Mint) -> None:
    bait = mint("ssh-key", front_key=b"f" * 32)
    host, key = files(bait)[".ssh/known_hosts"].strip().split(" ", 1)
    assert (host, key) == (bait.row["host"], ssh_keys.host_public(b"f" * 32))


@pytest.mark.parametrize(
    "how", [{"ports": {"ssh": 2222}}, {"options": {"port": 2222}}], ids=["trap", "option"]
)
def test_another_port_stands_in_every_file(mint: Mint, how: dict[str, object]) -> None:
    bait = mint("ssh-key", **how)
    assert files(bait)[".ssh/known_hosts"].startswith(f"[{bait.row['host']}]:2222 ")
    assert "    Port 2222\n" in files(bait)[".ssh/config"]
    assert bait.row["remote"].startswith(f"ssh://{bait.row['user']}@{bait.row['host']}:2222/")


@needs("ssh")
@pytest.mark.parametrize("type", ["ed25519", "rsa"])
def test_openssh_takes_the_files(mint: Mint, tmp_path: Path, type: str) -> None:  # noqa: A002
    bait = mint("ssh-key", {"type": type, "user": "deploy"})
    (tmp_path / ".ssh").mkdir()
    for file in bait.files:
        path = tmp_path / file.path
        path.write_bytes(file.content)
        path.chmod(file.mode)
    key = tmp_path / ".ssh" / f"id_{type}"
    listed = subprocess.run(["ssh-keygen", "-lf", key], capture_output=True, text=True, check=True).stdout
    assert f"# {listed}" == files(bait)[".ssh/config"].splitlines(keepends=True)[0], "as the config notes it"
    words = ["ssh", "-G", "-F", str(tmp_path / ".ssh" / "config"), bait.row["alias"]]
    settings = subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
    assert {f"hostname {bait.row['host']}", "user deploy", "identitiesonly yes"} <= set(settings)
    known = ["ssh-keygen", "-F", bait.row["host"], "-f", str(tmp_path / ".ssh" / "known_hosts")]
    assert subprocess.run(known, capture_output=True, check=False).returncode == 0


def test_every_key_is_marked_for_the_trap(mint: Mint) -> None:
    import base64

    for number in range(5):
        bait = mint("ssh-key", number=number, front_key=b"f" * 32)
        assert ssh_keys.marked(b"f" * 32, base64.b64decode(bait.tokens[1].value))


@pytest.mark.parametrize("options", [{"user": "a b"}, {"alias": "*"}, {"user": "x\ny"}])
def test_names_that_would_break_the_config_are_refused(mint: Mint, options: dict[str, str]) -> None:
    with pytest.raises(MintError):
        mint("ssh-key", options)


def test_a_port_is_a_port(mint: Mint) -> None:
    with pytest.raises(ValueError, match="port"):
        mint("ssh-key", {"port": 70000})
