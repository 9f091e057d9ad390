"""The gateway queues what it is given, and refuses what Twilio would refuse."""

from __future__ import annotations

from typing import Any

import requests

from tests import hooks, steady

SHAPES = {
    "sms": [
        ("GET", f"/2010-04-01/Accounts/AC{d * 32}", {"authorization": hooks.basic(f"AC{d * 32}:{d * 32}")})
        for d in "ab"
    ],
}
"""Sorts of request, each shown twice with another credential: (method, target, headers)."""

ACCOUNT, TOKEN = "AC" + "0a" * 16, "1b" * 16
LABEL = "/q7f3k29xk2m5v8w1z4y6c"
FORM: Any = {"To": "+15005550006", "From": "+15005550010", "Body": "Flood warning ü 🚨"}


def send(root: str, *, auth: tuple[str, str] | None = (ACCOUNT, TOKEN), **form: str) -> requests.Response:
    url = f"{root}{LABEL}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    return requests.post(url, data=form, auth=auth, timeout=steady.PATIENCE)


def test_a_message_is_queued(stand_in: str) -> None:
    answer = send(stand_in, **FORM)
    said = answer.json()
    assert answer.status_code == 201
    assert (said["status"], said["to"], said["from"], said["body"]) == ("queued", *FORM.values())
    assert said["sid"].startswith("SM")
    assert len(said["sid"]) == 34
    assert said["date_created"] == "Wed, 18 Nov 2026 11:06:40 +0000"
    assert said["uri"] == f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{said['sid']}.json"


def test_an_api_key_sends_too_and_another_message_has_another_id(stand_in: str) -> None:
    first = send(stand_in, auth=("SK" + "2c" * 16, TOKEN), **FORM)
    second = send(stand_in, **{**FORM, "Body": "x" * 400})
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["sid"] != second.json()["sid"]
    assert second.json()["num_segments"] == "3"


def test_what_twilio_refuses_is_refused(stand_in: str) -> None:
    assert (
        send(stand_in, auth=None, **FORM).status_code,
        send(stand_in, auth=("ann", "pw"), **FORM).status_code,
    ) == (401, 401)
    assert send(stand_in, auth=None, **FORM).headers["WWW-Authenticate"] == 'Basic realm="Twilio API"'
    assert send(stand_in, Body="x").json()["code"] == 21604
    assert send(stand_in, To="+15005550006").json()["code"] == 21602


def test_the_account_its_balance_and_its_empty_lists(stand_in: str) -> None:
    def get(path: str) -> requests.Response:
        return requests.get(
            f"{stand_in}/2010-04-01/Accounts{path}", auth=(ACCOUNT, TOKEN), timeout=steady.PATIENCE
        )

    assert get(f"/{ACCOUNT}.json").json()["sid"] == ACCOUNT
    assert float(get(f"/{ACCOUNT}/Balance.json").json()["balance"]) >= 20
    assert get(f"/{ACCOUNT}/Messages.json").json()["messages"] == []
    assert get(f"/{ACCOUNT}/IncomingPhoneNumbers.json").json()["incoming_phone_numbers"] == []
    assert get("/nonsense").json()["code"] == 20404
