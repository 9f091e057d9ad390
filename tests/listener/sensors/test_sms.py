"""Providers' webhooks: what they signed is believed, anything else is refused."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.sensors import sms
from listener.sensors.keys import RefusedReportError

URL = "https://sms.example/sms/twilio"
FIELDS = {"MessageSid": "SM1", "To": "+15557654321", "From": "+15550100", "Body": "All clear"}


def twilios(fields: dict[str, str], token: str = "token", url: str = URL) -> tuple[str, bytes]:
    """Signature and body, as Twilio's documentation describes them."""
    said = url + "".join(name + fields[name] for name in sorted(fields))
    digest = hmac.new(token.encode(), said.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode(), urlencode(fields).encode()


def jwt(claims: dict[str, Any], secret: str = "secret", algorithm: str = "HS256") -> str:
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in ({"alg": algorithm}, claims)
    ]
    signed = hmac.new(secret.encode(), b".".join(parts), hashlib.sha256).digest()
    return "Bearer " + b".".join([*parts, base64.urlsafe_b64encode(signed).rstrip(b"=")]).decode()


def test_what_twilio_signed() -> None:
    found = sms.twilio("token", URL, *twilios(FIELDS))
    assert found == sms.TextMessage("twilio", "SM1", "15557654321", "+15550100", "All clear")


@pytest.mark.parametrize(
    ("token", "url", "change", "status"),
    [
        ("other", URL, {}, 403),
        ("", URL, {}, 403),
        ("token", URL + "?x", {}, 403),
        ("token", URL, {"Body": "x"}, 403),
    ],
)
def test_what_twilio_did_not_sign(token: str, url: str, change: dict[str, str], status: int) -> None:
    signature, _ = twilios(FIELDS)
    with pytest.raises(RefusedReportError) as caught:
        sms.twilio(token, url, signature, urlencode({**FIELDS, **change}).encode())
    assert caught.value.status == status


def test_a_signed_status_is_no_message() -> None:
    signature, body = twilios({"MessageStatus": "sent"})
    with pytest.raises(RefusedReportError, match="no message that came in"):
        sms.twilio("token", URL, signature, body)


BODY = json.dumps(
    {"message_uuid": "u1", "to": "15557654321", "from": "15550100", "text": "All clear"}
).encode()
HASH = hashlib.sha256(BODY).hexdigest()


def test_what_vonage_signed() -> None:
    found = sms.vonage("secret", jwt({"payload_hash": HASH}), BODY)
    assert found == sms.TextMessage("vonage", "u1", "15557654321", "15550100", "All clear")


@pytest.mark.parametrize(
    ("secret", "authorization", "body"),
    [
        ("other", jwt({"payload_hash": HASH}), BODY),
        ("", jwt({"payload_hash": HASH}, ""), BODY),
        ("secret", jwt({"payload_hash": HASH}, algorithm="none"), BODY),
        ("secret", jwt({"payload_hash": HASH}), BODY + b" "),
        ("secret", jwt({}), BODY),
        ("secret", "", BODY),
        ("secret", "Bearer a.b.c", BODY),
    ],
)
def test_what_vonage_did_not_sign(secret: str, authorization: str, body: bytes) -> None:
    with pytest.raises(RefusedReportError) as caught:
        sms.vonage(secret, authorization, body)
    assert caught.value.status == 403


@given(st.text(max_size=100), st.binary(max_size=100))
def test_rubbish_is_refused(header: str, body: bytes) -> None:
    with pytest.raises(RefusedReportError):
        sms.twilio("token", URL, header, body)
    with pytest.raises(RefusedReportError):
        sms.vonage("secret", header, body)


def test_half_a_surrogate_pair_is_no_obstacle() -> None:
    """An SMS that was cut within an emoji; the journal holds UTF-8 only."""
    body = json.dumps({"message_uuid": "u\ud800", "to": "1", "from": "\udc00", "text": "Cut \ud83d"}).encode()
    found = sms.vonage("secret", jwt({"payload_hash": hashlib.sha256(body).hexdigest()}), body)
    assert (found.id, found.sender, found.text) == ("u\ufffd", "\ufffd", "Cut \ufffd")
    assert sms.whole("\ud83d\ude00") == "\U0001f600"
