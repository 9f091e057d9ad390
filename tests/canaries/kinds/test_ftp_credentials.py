"""The login at an FTP server, read by the standard library. Real programs: tests/listener/traps/test_ftp.py."""

from __future__ import annotations

import netrc
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from canaries.core.errors import MintError
from canaries.core.model import Bait

Mint = Callable[..., Bait]


def test_url_netrc_and_bookmark_say_the_same(mint: Mint, tmp_path: Path) -> None:
    bait = mint("ftp-credentials", ports={"ftp": 2121})
    row = bait.row
    url = urlsplit(bait.text.strip())
    assert (url.scheme, url.username, url.password) == ("ftp", row["user"], row["password"])
    assert (url.hostname, url.port) == (row["host"], 2121)
    path = tmp_path / "netrc"
    path.write_bytes(bait.files[0].content)
    assert netrc.netrc(str(path)).authenticators(row["host"]) == (row["user"], "", row["password"])
    assert bait.files[1].path == ".local/share/lftp/bookmarks"
    assert bait.files[1].content.decode() == f"{row['user']}\t{row['url']}\n"


def test_the_usual_port_is_left_out(mint: Mint) -> None:
    assert urlsplit(mint("ftp-credentials").text).port is None


def test_a_user_that_would_break_the_url_is_refused(mint: Mint) -> None:
    with pytest.raises(MintError, match="no @"):
        mint("ftp-credentials", {"user": "a@b.net"})
