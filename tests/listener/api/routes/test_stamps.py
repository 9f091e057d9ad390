"""Time stamps are listed as they are kept."""

from __future__ import annotations

from dataclasses import fields

from listener.api.routes.stamps import StampShape
from listener.notify.stamper import KeptStamp
from tests.listener.api.conftest import Desk


def test_without_an_authority_there_is_none(desk: Desk) -> None:
    assert desk.ask("auditor", "GET", "/ledger/stamps").json == {"items": []}
    assert desk.ask("planter", "GET", "/ledger/stamps").status_code == 403


def test_every_field_that_is_shown_is_kept() -> None:
    assert set(StampShape().fields) == {one.name for one in fields(KeptStamp)} - {"judge"}
