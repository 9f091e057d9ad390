"""Passkeys: made for a name, taken once for each challenge, gone with recovery; one sentence for all that is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from canaries.accounts import accounts, backoff, passkeys, sessions
from canaries.accounts.challenges import Challenges
from canaries.accounts.passkeys import RelyingParty
from canaries.core.errors import AccessError, NotFoundError, TraplineError
from canaries.installation.home import Home
from tests.accounts import Member, member
from tests.authenticator import Authenticator

ORIGIN = "https://trapline.example.net"
PARTY = RelyingParty("trapline.example.net", ORIGIN)


@pytest.fixture
def challenges() -> Challenges:
    return Challenges()


@pytest.fixture
def carol(home: Home) -> Member:
    return member(home, "carol", "analyst")


@pytest.fixture
def device(home: Home, carol: Member, challenges: Challenges) -> Authenticator:
    """Carol's, with a passkey that is known."""
    made = Authenticator(ORIGIN)
    register(home, carol, made, challenges)
    return made


def register(
    home: Home, someone: Member, device: Authenticator, challenges: Challenges, name: str = "phone"
) -> None:
    id_ = someone.account.id
    said = device.create(passkeys.options_to_register(home, id_, PARTY, challenges))
    passkeys.register(home, id_, PARTY, challenges, said, name)


def come(home: Home, device: Authenticator, challenges: Challenges, **changed: str) -> sessions.SignedIn:
    said = device.get(passkeys.options_to_sign_in(PARTY, challenges), **changed)
    return passkeys.sign_in(home, PARTY, challenges, said, "192.0.2.1")


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://trapline.example.net:8443", "trapline.example.net"),
        ("http://localhost:40001", "localhost"),
        ("http://127.0.0.1:40001", None),
        ("https://[::1]:40001", None),
        ("http://trapline.example.net", None),
    ],
)
def test_browsers_make_them_for_names_and_over_tls(origin: str, host: str | None) -> None:
    assert passkeys.relying_party(origin) == (RelyingParty(host, origin) if host else None)


def test_made_used_listed_removed(
    home: Home, carol: Member, device: Authenticator, challenges: Challenges
) -> None:
    signed = come(home, device, challenges)
    assert sessions.actor_of(home, signed.cookie) == signed.actor
    assert (signed.actor.name, signed.actor.role) == ("carol", "analyst")
    [one] = passkeys.listing(home, carol.account.id)
    assert (one.name, one.host, bool(one.used_at)) == ("phone", "trapline.example.net", True)
    passkeys.remove(home, carol.account.id, one.id, "lost")
    with pytest.raises(NotFoundError):
        passkeys.remove(home, carol.account.id, one.id)
    with pytest.raises(AccessError, match="was not taken"):
        come(home, device, challenges)
    with home.store.read() as connection:
        [entry] = home.reader.entries(connection, "sign-in")
        acts = [one.body["act"] for one in home.reader.entries(connection, "account")]
    assert (entry.by, entry.body["with"]) == ("carol", "passkey")
    assert acts[-2:] == ["passkey-added", "passkey-removed"]


def _answered_twice(home: Home, device: Authenticator, challenges: Challenges) -> None:
    said = device.get(passkeys.options_to_sign_in(PARTY, challenges))
    passkeys.sign_in(home, PARTY, challenges, said, "192.0.2.1")
    device.signs = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passkeys, "_proven", lambda *_: 9)
        passkeys.sign_in(home, PARTY, challenges, said, "192.0.2.1")


def _of_another_process(home: Home, device: Authenticator, challenges: Challenges) -> None:
    said = device.get(passkeys.options_to_sign_in(PARTY, Challenges()))
    passkeys.sign_in(home, PARTY, challenges, said, "192.0.2.1")


def _at_another_site(home: Home, device: Authenticator, challenges: Challenges) -> None:
    device.origin = "https://evil.example"
    come(home, device, challenges)


def _without_a_finger(home: Home, device: Authenticator, challenges: Challenges) -> None:
    device.verified = False
    come(home, device, challenges)


def _cloned(home: Home, device: Authenticator, challenges: Challenges) -> None:
    device.signs = 5
    come(home, device, challenges)
    device.signs = 2
    come(home, device, challenges)


def _in_anothers_name(home: Home, device: Authenticator, challenges: Challenges) -> None:
    device.user = member(home, "boss", "admin").account.id.encode()
    come(home, device, challenges)


def _with_another_key(home: Home, device: Authenticator, challenges: Challenges) -> None:
    device.key = Authenticator(ORIGIN, 8).key
    come(home, device, challenges)


def _disabled(home: Home, device: Authenticator, challenges: Challenges) -> None:
    accounts.disable(home, "carol", "left")
    come(home, device, challenges)


def _recovered(home: Home, device: Authenticator, challenges: Challenges) -> None:
    accounts.reset(home, "carol", "stolen")
    come(home, device, challenges)


def _forged(home: Home, device: Authenticator, challenges: Challenges) -> None:
    come(home, device, challenges, signature="AAAA")


@pytest.mark.parametrize(
    "attempt",
    [
        *(_answered_twice, _of_another_process, _at_another_site, _without_a_finger, _cloned),
        *(_in_anothers_name, _with_another_key, _disabled, _recovered, _forged),
    ],
)
def test_what_is_refused_with_one_sentence(
    home: Home,
    device: Authenticator,
    challenges: Challenges,
    attempt: Callable[[Home, Authenticator, Challenges], object],
) -> None:
    with pytest.raises(AccessError) as refused:
        attempt(home, device, challenges)
    assert refused.value.sentence == "the passkey was not taken"


HOSTILE = (
    *(
        "",
        "x",
        "[]",
        "{}",
        "null",
        "[" * 9000,
        '{"response": {}}',
        '{"response": []}',
        "9" * 5000,
        "{" * 40_000,
    ),
    json.dumps({"rawId": 5, "response": {"clientDataJSON": "e30"}}),
    json.dumps({"rawId": "é", "response": {"clientDataJSON": "W10", "userHandle": 5}}),
)


@pytest.mark.parametrize("said", HOSTILE)
def test_rubbish_is_refused_like_any_other(home: Home, challenges: Challenges, said: str) -> None:
    with pytest.raises(AccessError, match="was not taken"):
        passkeys.sign_in(home, PARTY, challenges, said, "192.0.2.1")


def test_many_failures_make_a_pause_for_that_network_alone(
    home: Home, device: Authenticator, challenges: Challenges
) -> None:
    for _ in range(backoff.FREE):
        with pytest.raises(AccessError, match="was not taken"):
            passkeys.sign_in(home, PARTY, challenges, "x", "192.0.2.1")
    with pytest.raises(AccessError, match="try again in"):
        come(home, device, challenges)
    said = device.get(passkeys.options_to_sign_in(PARTY, challenges))
    assert passkeys.sign_in(home, PARTY, challenges, said, "203.0.113.7").actor.name == "carol"


def test_what_is_not_registered(
    home: Home, carol: Member, device: Authenticator, challenges: Challenges
) -> None:
    id_ = carol.account.id
    said = Authenticator(ORIGIN, 8).create(passkeys.options_to_register(home, id_, PARTY, challenges))
    other = member(home, "dora", "planter").account.id
    with pytest.raises(AccessError, match="took too long"):  # the challenge was carol's
        passkeys.register(home, other, PARTY, challenges, said, "phone")
    for name in ("", "x" * 81, "a\nb"):
        with pytest.raises(TraplineError, match="needs a name"):
            passkeys.register(home, id_, PARTY, challenges, said, name)
    with pytest.raises(AccessError, match="was not taken"):
        passkeys.register(
            home, id_, RelyingParty("a.example", "https://a.example"), challenges, said, "phone"
        )
    with pytest.raises(TraplineError, match="known already"):
        register(home, carol, device, challenges)
    with pytest.raises(AccessError, match="was not taken"):
        register(home, carol, Authenticator(ORIGIN, 9, verified=False), challenges)
    known = json.loads(passkeys.options_to_register(home, id_, PARTY, challenges))["excludeCredentials"]
    assert len(known) == 1
    assert accounts.find(home, "carol").signs_in
