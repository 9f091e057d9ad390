"""The WireGuard configuration, read by wg(8)'s own tools."""

from __future__ import annotations

import configparser
import subprocess
from collections.abc import Callable
from pathlib import Path

from canaries.core.model import Bait
from canaries.protocols.wireguard import server_pair, text
from tests.programs import needs

Mint = Callable[..., Bait]


def read(bait: Bait) -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read_string(bait.text)
    return parser


def test_the_server_is_ours_and_the_key_is_the_tokens(mint: Mint) -> None:
    bait = mint("wireguard")
    config, tokens = read(bait), {token.facet: token.value for token in bait.tokens}
    assert bait.tokens[0].facet == "public_key"
    assert config["Peer"]["PublicKey"] == text(server_pair(b"k" * 32).public)
    assert config["Interface"]["PrivateKey"] == tokens["private_key"]
    assert config["Peer"]["Endpoint"] == f"{tokens['host']}:51820"


def test_only_one_private_network_is_routed_our_way(mint: Mint) -> None:
    """A finder's other traffic is none of our business."""
    for number in range(30):
        config = read(mint("wireguard", number=number))
        network = config["Peer"]["AllowedIPs"]
        assert network.startswith("10.")
        assert network.endswith(".0.0/16")
        assert config["Interface"]["Address"].split(".")[:2] == network.split(".")[:2]


def test_the_endpoint_is_where_the_trap_listens(mint: Mint) -> None:
    config = read(mint("wireguard", base_url="http://[2001:db8::7]:8080", ports={"wireguard": 443}))
    assert config["Peer"]["Endpoint"] == "[2001:db8::7]:443"


@needs("wg")
def test_wg_makes_the_public_key_of_the_private_one(mint: Mint) -> None:
    files = {file.path: file.content.decode() for file in mint("wireguard").files}
    done = subprocess.run(
        ["wg", "pubkey"], input=files["privatekey"], capture_output=True, text=True, check=True
    )
    assert done.stdout == files["publickey"]


@needs("wg-quick")
def test_wg_quick_reads_the_file(mint: Mint, tmp_path: Path) -> None:
    path = tmp_path / "wg0.conf"
    path.write_bytes(mint("wireguard").files[0].content)
    path.chmod(0o600)
    done = subprocess.run(["wg-quick", "strip", str(path)], capture_output=True, text=True, check=True)
    assert "PrivateKey" in done.stdout
    assert "Address" not in done.stdout
