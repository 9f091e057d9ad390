"""Passwords and one-time codes: the published values, and what is refused."""

from __future__ import annotations

import pytest
from argon2 import extract_parameters

from canaries.accounts import passwords
from canaries.core.errors import TraplineError

_AS_SHIPPED = passwords._hasher


@pytest.fixture(autouse=True)
def as_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parameters that operators get, which other tests do not take the time for."""
    monkeypatch.setattr(passwords, "_hasher", _AS_SHIPPED)


def test_codes_are_those_of_rfc_6238() -> None:
    secret = b"12345678901234567890"  # appendix B, SHA-1; its eight digits end in these six
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (20000000000, "353130")):
        assert passwords.code_at(secret, seconds // passwords.STEP) == code


def test_a_code_counts_once_and_one_step_to_each_side() -> None:
    secret = passwords.new_secret()
    at = 1_000_000
    for step in (-1, 0, 1):
        code = passwords.code_at(secret, at // 30 + step)
        assert passwords.matching_step(secret, f" {code[:3]} {code[3:]}", at, 0) == at // 30 + step
        assert passwords.matching_step(secret, code, at, at // 30 + step) is None
    assert passwords.matching_step(secret, passwords.code_at(secret, at // 30 + 2), at, at // 30 + 1) is None
    for rubbish in ("", "12", "\ud800", "\uff11" * 6, "0" * 5000):
        assert passwords.matching_step(secret, rubbish, at, 0) is None


def test_a_password_is_argon2id_and_normalised() -> None:
    stored = passwords.hash_password("Zoë plants many things")
    parameters = extract_parameters(stored)
    assert stored.startswith("$argon2id$")
    assert parameters.memory_cost >= 65536
    assert parameters.time_cost >= 3
    assert passwords.matches(stored, "Zoë plants many things")
    assert not passwords.matches(stored, "zoë plants many things")
    assert not passwords.matches("", "Zoë plants many things")
    assert not passwords.matches("no hash", "x")


@pytest.mark.parametrize("bad", ["short", "a" * 257, "ababababababab", "carol-1234567"])
def test_what_is_easily_guessed_is_refused(bad: str) -> None:
    with pytest.raises(TraplineError):
        passwords.hash_password(bad, "carol-1234")


def test_a_uri_for_authenticators() -> None:
    uri = passwords.provisioning_uri(b"x" * 20, "pat", "Test Trust")
    assert uri.startswith("otpauth://totp/")
    assert "issuer=Test%20Trust" in uri
