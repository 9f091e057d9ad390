"""For whom browsers make passkeys: the settings' name, or localhost; an address is none."""

from __future__ import annotations

import pytest

from canaries.accounts.passkeys import RelyingParty
from canaries.core.errors import TraplineError
from canaries.installation.home import Home
from listener.console import passkey_origin
from listener.console.app import create_app


@pytest.mark.parametrize(
    ("origin", "host", "party", "elsewhere"),
    [
        ("", "127.0.0.1:4711", None, "http://localhost:4711"),
        ("", "localhost:4711", RelyingParty("localhost", "http://localhost:4711"), ""),
        ("https://t.example", "t.example", RelyingParty("t.example", "https://t.example"), ""),
        ("https://192.0.2.1", "192.0.2.1", None, ""),
    ],
)
def test_of_a_request(home: Home, origin: str, host: str, party: RelyingParty | None, elsewhere: str) -> None:
    app = create_app(home, host=host, origin=origin)
    with app.test_request_context(base_url=f"http://{host}"):
        assert passkey_origin.party() == party
        assert passkey_origin.elsewhere() == elsewhere
        if party is None:
            with pytest.raises(TraplineError, match="host names alone"):
                passkey_origin.required()
