"""The SMS gateway account."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from canaries.core.model import Bait
from canaries.kinds import fill
from canaries.kinds.sms_gateway import SmsGateway
from tests import steady

Mint = Callable[..., Bait]


def test_the_account_has_twilios_form(mint: Mint, base_url: str) -> None:
    bait = mint("sms-gateway", base_url=base_url)
    assert [token.facet for token in bait.tokens][:3] == ["auth_token", "api_key", "account_sid"]
    lines = dict(line.split("=", 1) for line in bait.text.splitlines())
    assert re.fullmatch(r"AC[0-9a-f]{32}", lines.pop("TWILIO_ACCOUNT_SID"))
    assert re.fullmatch(r"[0-9a-f]{32}", lines.pop("TWILIO_AUTH_TOKEN"))
    assert re.fullmatch(r"SK[0-9a-f]{32}", lines.pop("TWILIO_API_KEY"))
    ((name, url),) = lines.items()
    assert name.startswith("TWILIO_")
    assert url == bait.row["url"]


def test_the_name_of_the_base_url_differs(mint: Mint) -> None:
    assert len({mint("sms-gateway", number=n).text.splitlines()[3].split("=")[0] for n in range(40)}) >= 3


def test_the_try_hint_is_true(mint: Mint, listening: Any) -> None:
    """Its Python line, run as it stands, sends the message with both secrets."""
    bait = mint("sms-gateway", base_url=listening.url)
    line = fill(SmsGateway.try_hint, bait).splitlines()[1]
    code = re.fullmatch(r'python -c "(.+)"', line)
    assert code
    subprocess.run([sys.executable, "-c", code[1]], check=True, capture_output=True, timeout=steady.PATIENCE)
    ((method, path, headers, body),) = listening.seen
    found = {token.facet: token.value for token in bait.tokens}
    assert (method, path) == (
        "POST",
        f"/{found['path']}/2010-04-01/Accounts/{found['account_sid']}/Messages.json",
    )
    shown = base64.b64decode(headers["authorization"].removeprefix("Basic ")).decode()
    assert shown == f"{found['account_sid']}:{found['auth_token']}"
    assert b"Body=test" in body
