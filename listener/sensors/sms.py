"""Text messages to the operator's own numbers, as their provider's signed webhooks tell of them.

Twilio    X-Twilio-Signature: HMAC-SHA-1 under the auth token over the URL and the sorted form fields, Base64
          (Twilio, "Security: validating requests")
Vonage    Authorization: Bearer <JWT>, HS256 under the signature secret, whose payload_hash is the body's SHA-256
          (Vonage, "Signed webhooks")
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from urllib.parse import parse_qsl

from listener.sensors.keys import RefusedReportError

_LONGEST = 4096
"""Characters of a text."""


@dataclass(frozen=True, slots=True)
class TextMessage:
    """What came to a number."""

    provider: str
    id: str
    """The provider's, so that a webhook that is posted twice is one message."""
    number: str
    """Whose it came to: digits of the international form, without a plus."""
    sender: str
    text: str


def twilio(token: str, url: str, signature: str, body: bytes) -> TextMessage:
    """``url``: as Twilio called it, with its query. Raises RefusedReportError."""
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=200)
    except ValueError:
        raise RefusedReportError(400, "this is no form") from None
    said = url + "".join(f"{name}{value}" for name, value in sorted(set(fields)))
    expected = base64.b64encode(hmac.digest(token.encode(), said.encode("utf-8", "surrogatepass"), "sha1"))
    if not token or not hmac.compare_digest(expected, signature.encode("utf-8", "replace")):
        raise RefusedReportError(403, "this is not signed with the configured token, for this URL")
    found = dict(fields)
    return _message("twilio", found.get("MessageSid"), found.get("To"), found.get("From"), found.get("Body"))


def vonage(secret: str, authorization: str, body: bytes) -> TextMessage:
    """Raises RefusedReportError."""
    head, _, rest = authorization.removeprefix("Bearer ").partition(".")
    claims, _, signature = rest.partition(".")
    expected = hmac.digest(secret.encode(), f"{head}.{claims}".encode("utf-8", "replace"), "sha256")
    refused = RefusedReportError(403, "this is not signed with the configured secret, for this body")
    try:
        algorithm = json.loads(_decoded(head)).get("alg")
        payload_hash = json.loads(_decoded(claims)).get("payload_hash")
        if not secret or algorithm != "HS256" or not hmac.compare_digest(expected, _decoded(signature)):
            raise refused
        if payload_hash != hashlib.sha256(body).hexdigest():
            raise refused
        found = json.loads(body)
        return _message("vonage", *(found.get(name) for name in ("message_uuid", "to", "from", "text")))
    except (ValueError, AttributeError, RecursionError, binascii.Error):
        raise refused from None


def _message(provider: str, its_id: object, number: object, sender: object, text: object) -> TextMessage:
    if not (isinstance(its_id, str) and isinstance(number, str) and its_id and number):
        raise RefusedReportError(400, "this tells of no message that came in")
    digits = "".join(char for char in number if char in "0123456789")[:20]
    return TextMessage(
        provider,
        whole(its_id[:128]),
        digits,
        whole(str(sender or "")[:64]),
        whole(str(text or "")[:_LONGEST]),
    )


def whole(text: str) -> str:
    """``text`` as UTF-8 can hold it: JSON may name half a surrogate pair, and an SMS (UCS-2) may be cut within one."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _decoded(part: str) -> bytes:
    """Base64url without padding (RFC 7515, appendix C)."""
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
