"""One host does not play every service: a persona answers where live bait needs it, and nowhere else."""

from __future__ import annotations

import pytest

from canaries import kinds
from canaries.core import plugins
from canaries.core.errors import SettingsError
from canaries.core.model import Shape
from canaries.crypto.seeded_random import SeededRandom
from canaries.kinds import Kind, Order
from canaries.protocols.signer import signer
from canaries.protocols.site_paths import site_path
from listener.http.open_services import OpenServices
from listener.personas import FOLDER, Persona, Request
from listener.protocol.identity import Identity

KEY = bytes(range(32))
IDENTITY = Identity(KEY, strict=True)
PERSONAS = sorted(
    (kind(IDENTITY) for kind in plugins.classes(FOLDER, Persona).values()), key=lambda one: one.order
)
HOST_ITSELF = {"page", "redirect"}
KINDS = plugins.classes(kinds.FOLDER, Kind)


def order(base_url: str, service: str = "openai", number: int = 0) -> Order:
    path = site_path(KEY)
    return Order(
        SeededRandom(number.to_bytes(32, "big")), base_url, "", "en_US", "2026-11-22T12:00:00.000000Z",
        shape=Shape(20, path.words, path.form), service=service, signer=signer(KEY),
    )  # fmt: skip


PLACE = order("http://192.0.2.7").site().place
LABEL = order("https://{label}.harbour-view.net").site().label


def asked(path: str = "/", host: str = "192.0.2.7") -> Request:
    header = [(b"Host", host.encode())]
    return Request("GET", path.encode(), header, b"", tls=False, places=IDENTITY.places)


def services(live: set[str] | None, *by_hand: str, bare_host: str = "") -> OpenServices:
    known = None if live is None else frozenset(live)
    return OpenServices(IDENTITY, lambda: known, by_hand=by_hand, bare_host=bare_host)


def names(found: OpenServices, request: Request) -> set[str]:
    """Of the services; what answers for their unknown paths (tests/listener/personas/test_contract.py) is none."""
    return {one.name for one in found.at(request)} - {"other path"}


@pytest.mark.parametrize(
    "request_",
    [asked(f"{PLACE}/v1/models"), asked(host=f"{LABEL}.example.net:8443"), asked(host=f"b.{LABEL}.n")],
)
def test_at_an_address_of_bait_what_live_bait_needs_answers(request_: Request) -> None:
    assert names(services(set()), request_) == HOST_ITSELF | {"challenge"}
    assert names(services({"openai-key", "url"}), request_) == HOST_ITSELF | {"challenge", "openai"}
    assert names(services({"aws-key", "rclone"}), request_) == HOST_ITSELF | {"challenge", "sts"}


@pytest.mark.parametrize("bare_host", ["", "192.0.2.7"])
def test_elsewhere_only_the_host_itself_does(bare_host: str) -> None:
    found = services(set(KINDS) - {"netrc", "docker-config"}, bare_host=bare_host)
    for request in (asked(host="192.0.2.8"), asked("/v1/models", host="198.51.100.1"), asked(host="")):
        assert names(found, request) == HOST_ITSELF


def test_bait_without_a_path_is_answered_at_the_bare_name_alone() -> None:
    found = services({"docker-config", "openai-key"}, bare_host="192.0.2.7")
    assert names(found, asked("/v2/", host="192.0.2.7:8080")) == HOST_ITSELF | {"registry"}
    assert names(found, asked("/v2/", host="other.example")) == HOST_ITSELF
    assert names(services({"docker-config"}), asked("/v2/")) == HOST_ITSELF


@pytest.mark.parametrize("live", [None, {"openai-key", "vault-token", "url"}])
def test_only_those_are_asked_that_may_claim_the_path(live: set[str] | None) -> None:
    found = services(live)
    for path in (
        "/",
        "/v1/sys/health",
        "/v1",
        "/openai/v1/models",
        "/v10/x",
        "/wpush/v2/x",
        "",
        "/v1?x/",
    ):
        request = asked(f"{PLACE}{path}")
        open_here, to_ask = list(found.at(request)), list(found.to_ask(request))
        assert [one for one in open_here if one in to_ask] == to_ask, "another order"
        left = [one for one in open_here if one not in to_ask]
        assert not any(one.claims(request) for one in left)
        assert "openai" in names(found, request)
        first = path.partition("?")[0][1:].partition("/")[0]
        assert any(one.name == "openai" for one in to_ask) == (first in ("v1", "openai"))


def test_a_made_up_address_finds_nothing() -> None:
    """By the sieve: one in sixteen ids passes, one in 36 labels; these do not."""
    found = services({"openai-key"})
    wrong = "0" if PLACE[-1] != "0" else "1"
    for request in (
        asked(f"{PLACE[:-1]}{wrong}/v1/models"),
        asked("/abcdefghijklmnopqrstu/v1/models"),  # the form of 0.1, of which this home has none
        asked(host="abcdefghijklmnopqrstu.harbour-view.net"),
    ):
        assert names(found, request) == HOST_ITSELF


def test_bait_from_before_the_sieve_is_answered() -> None:
    old = Identity(KEY)
    live = frozenset({"openai-key"})
    found = OpenServices(old, lambda: live)
    for request in (asked("/abcdefghijklmnopqrstu/v1/models"), asked(host="abcdefghijklmnopqrstu.x.net")):
        assert "openai" in names(found, request)


def test_bait_of_a_kind_that_nobody_here_knows_opens_all() -> None:
    everyone = {one.name for one in PERSONAS}
    assert names(services({"a-kind-of-tomorrow"}), asked(f"{PLACE}/x")) == everyone
    assert names(services({"a-kind-of-tomorrow"}), asked("/v2/")) == HOST_ITSELF
    assert names(services(None), asked("/v2/", host="198.51.100.1")) == everyone


def test_what_the_operator_opens_answers_everywhere() -> None:
    assert names(services(set(), "vault"), asked(host="x")) == HOST_ITSELF | {"vault"}
    assert names(services(set(), "all"), asked(host="x")) == {one.name for one in PERSONAS}
    with pytest.raises(SettingsError, match="no persona 'valut'"):
        services(set(), "valut")


def test_what_is_minted_while_it_runs_counts_at_once() -> None:
    live: set[str] = set()
    found = OpenServices(IDENTITY, lambda: frozenset(live))
    assert "stripe" not in names(found, asked(f"{PLACE}/x"))
    live.add("stripe-key")
    assert "stripe" in names(found, asked(f"{PLACE}/x"))
    live.clear()
    assert "stripe" not in names(found, asked(f"{PLACE}/x"))


@pytest.mark.parametrize("name", sorted({kind for one in PERSONAS for kind in one.kinds}))
def test_bait_that_names_no_path_has_its_persona_at_the_bare_name(name: str) -> None:
    kind = KINDS[name]()
    made = order("http://192.0.2.7:8080", kind.place)
    bait = kind.mint(made, kind.Options())
    text = bait.text + str(bait.row) + "".join(file.content.decode("latin-1") for file in bait.files)
    assert made.site().place in text or any(name in one.bare for one in PERSONAS)
