"""Without the vault's key a thief learns nothing: not from the database and every other key, not from the front."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import LargeBinary, inspect, select

from canaries.core import store
from canaries.crypto.sealed_box import BoxError, BoxOpener, Locker
from canaries.installation.home import Home
from canaries.mint import minting
from tests import steady

AGENT = "Distinctive-Agent/77.31"


@pytest.fixture
def robbed(home: Home, listen: Callable[..., Any], tmp_path: Path) -> tuple[Home, list[str]]:
    """An installation with bait and a hit, and every secret string in it."""
    kinds = ("url", "aws-key", "user", "sms-gateway", "postgres-url", "env-file", "github-token")
    minted = [next(iter(minting.mint(home, kind, memo="where it is"))) for kind in kinds]
    secrets = [token.value for one in minted for part in one.family() for token in part.canary.tokens]
    alerts = tmp_path / "alerts.ndjson"  # what was delivered is with its receiver
    running = listen(home, TRAPLINE_CHANNELS_LOG_TYPE="file", TRAPLINE_CHANNELS_LOG_PATH=str(alerts))
    host, port = running.http
    path = minted[0].canary.tokens[0].value
    requests.get(f"http://{host}:{port}/{path}", headers={"User-Agent": AGENT}, timeout=steady.PATIENCE)
    steady.until(lambda: alerts.is_file() and alerts.read_bytes())
    running.stop()
    return home, [*secrets, AGENT]


def everything(folder: Path) -> bytes:
    """Every file, but for the shipped network data: everybody has it, and networks are called as people are."""
    files = (path for path in folder.rglob("*") if path.is_file() and "shipped" not in path.parts)
    return b"\0".join(path.read_bytes() for path in files)


def test_the_database_and_every_other_key_yield_no_bait_and_no_hit(robbed: tuple[Home, list[str]]) -> None:
    home, secrets = robbed
    home.store.close()
    (home.path / "keys" / "vault").unlink()
    loot = everything(home.path)
    opened = list(_opened_with_every_other_key(home))
    for secret in secrets:
        if len(secret) >= 8:  # a phone's area code would stand by chance
            assert secret.encode() not in loot
            assert not any(secret.encode() in plain for plain in opened)


def _opened_with_every_other_key(home: Home) -> list[bytes]:
    """Whatever any key but the vault's opens, in any column of any table."""
    keys = [
        bytes.fromhex(path.read_text().strip())
        for path in (home.path / "keys").iterdir()
        if _is_hex_key(path)
    ]
    found = []
    with home.store.read() as connection:
        for name in inspect(connection).get_table_names():
            table = store.metadata.tables[name]
            names = [column.name for column in table.columns if isinstance(column.type, LargeBinary)]
            for row in connection.execute(select(table)).mappings():
                contexts = [str(value).encode() for value in row.values() if isinstance(value, str)] + [b""]
                for box in (row[column] for column in names if row[column]):
                    found += _attempts(keys, bytes(box), contexts)
    home.store.close()
    return found


def _attempts(keys: list[bytes], box: bytes, contexts: list[bytes]) -> list[bytes]:
    plain = []
    for key in keys:
        for context in contexts:
            attempts: tuple[Callable[[], Locker | BoxOpener], ...] = (
                partial(Locker, key),
                *(partial(BoxOpener, key, purpose) for purpose in ("vault", "journal")),
            )
            for attempt in attempts:
                try:
                    plain.append(attempt().open(box, context))
                except (BoxError, ValueError):
                    continue
    return plain


def _is_hex_key(path: Path) -> bool:
    try:
        return len(bytes.fromhex(path.read_text().strip())) == 32
    except (ValueError, UnicodeDecodeError):
        return False


def test_the_memo_is_all_the_alerts_key_opens(robbed: tuple[Home, list[str]]) -> None:
    home, _ = robbed
    (home.path / "keys" / "vault").unlink()
    assert any(b'"memo":"where it is"' in plain for plain in _opened_with_every_other_key(home)), (
        "the attempt itself must be able to open boxes"
    )


def test_the_fronts_files_tell_not_even_what_is_bait(robbed: tuple[Home, list[str]], tmp_path: Path) -> None:
    home, secrets = robbed
    shutil.copytree(home.path / "front", tmp_path / "loot" / "front")
    shutil.copytree(home.path / "journal", tmp_path / "loot" / "journal")
    loot = everything(tmp_path / "loot")
    assert loot
    for secret in secrets:
        if len(secret) >= 8:
            assert secret.encode() not in loot
    for key in ("lookup", "alerts", "vault", "journal", "log"):
        assert (home.path / "keys" / key).read_bytes().strip() not in loot


def test_keys_and_home_are_closed_to_others(robbed: tuple[Home, list[str]]) -> None:
    home, _ = robbed
    for path in [home.path, *home.path.rglob("*")]:
        assert path.stat().st_mode & 0o007 == 0, f"{path} is open to everybody"
