"""The tables of accounts: nothing in them can be used as it is."""

from __future__ import annotations

from sqlalchemy import LargeBinary

from canaries.core import schema_accounts as tables

OTHERS = (tables.passkey, tables.identity)


def test_what_opens_something_is_a_hash_or_a_box() -> None:
    found = {
        f"{table.name}.{column.name}"
        for table in (tables.account, tables.account_session, tables.api_token, tables.mint_request, *OTHERS)
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    hashes = {"account.invitation", "account_session.digest", "api_token.digest", "mint_request.body"}
    hashes |= {"passkey.digest", "identity.digest"}
    public = {"passkey.credential", "passkey.public_key"}
    assert found == {"account.sealed", *hashes, *public}
