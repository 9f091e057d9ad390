"""``trapline erase``: at once by a lone operator, proposed where there are two."""

from __future__ import annotations

from collections.abc import Callable

from click.testing import CliRunner

from canaries.installation.home import Home
from canaries.ledger.verification import verify
from canaries.mint import minting
from canaries.operators import proposals
from listener.cli import trapline
from tests.operators import acting, enrol


def run(home: Home, *arguments: str) -> str:
    arguments = ("--home", str(home.path), "erase", *arguments)
    return CliRunner().invoke(trapline, arguments, catch_exceptions=False).stderr


def test_a_lone_operator_erases(home: Home, strike: Callable[..., str]) -> None:
    (minted,) = minting.mint(home, "url")
    hit = strike(home, minted.canary)
    assert "Erased" in run(home, hit, "--raw", "--reason", "not needed")
    assert "Erased" in run(home, hit, "--reason", "request of ...")
    assert verify(home).erased == 2


def test_with_two_it_is_proposed(home: Home, strike: Callable[..., str]) -> None:
    from canaries.operators import erasure

    (minted,) = minting.mint(home, "url")
    hit = strike(home, minted.canary)
    enrol(home, "alice", "bob")
    with acting(home, "alice"):
        proposal = erasure.erase(home, hit, "request of ...")
    (waiting,) = proposals.pending(home)
    assert waiting.id == proposal
    assert (
        "request of"
        in CliRunner().invoke(trapline, ["--home", str(home.path), "operator", "proposals"]).stdout
    )
