"""The settings of a provider: https, with a client and roles; the first role that fits."""

from __future__ import annotations

import pytest

from canaries.core.errors import SettingsError
from canaries.core.settings import parse

GOOD = {"issuer": "https://id.example.net", "client_id": "trapline", "roles": ["a=b=admin", "staff=analyst"]}


def test_the_first_role_that_fits() -> None:
    found = parse({"openid": GOOD}, {"TRAPLINE_OPENID_CLIENT_SECRET": "s"}).openid
    assert found.client_secret == "s"
    assert [found.role_of(one) for one in (["staff", "a=b"], ["staff"], ["admin"], [])] == [
        "admin",
        "analyst",
        "",
        "",
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"issuer": "http://id.example.net"}, "must start with https"),
        ({"issuer": "id.example.net"}, "must start with https"),
        ({"client_id": ""}, "needs client_id and roles"),
        ({"roles": []}, "needs client_id and roles"),
        ({"roles": ["staff"]}, "write VALUE=ROLE"),
        ({"roles": ["staff="]}, "write VALUE=ROLE"),
    ],
)
def test_what_is_refused(wrong: dict[str, object], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        parse({"openid": GOOD | wrong}, {})
    assert parse({"openid": GOOD | {"issuer": "http://127.0.0.1:1"}}, {}).openid.issuer
