"""A login at a file server: its URL, an lftp bookmark, a .netrc."""

from __future__ import annotations

from typing import Any, ClassVar

from canaries.core.errors import MintError
from canaries.core.model import Bait, BaitFile
from canaries.kinds import Kind, Order
from canaries.kinds._accounts import AccountOptions, account

_USERS = (
    "backup",
    "upload",
    "deploy",
    "ftpuser",
    "webmaster",
    "export",
    "sftp",
    "exchange",
    "edi",
    "transfer",
)


class FtpCredentials(Kind):
    name: ClassVar[str] = "ftp-credentials"
    traps: ClassVar[tuple[str, ...]] = ("ftp",)
    title: ClassVar[str] = "A login at an FTP server: URL, lftp bookmark, .netrc"
    fired_by: ClassVar[str] = (
        "lftp, curl, ftplib, wget and other FTP clients, where an FTP trap listens on that port: user and password "
        "come in clear, then the commands; no file is ever sent or taken. The .netrc names no port: it fires by "
        "itself only where the trap has port 21."
    )
    plant_hint: ClassVar[str] = (
        "In a backup script, a home folder (~/.netrc), or a page about the old web server."
    )
    try_hint: ClassVar[str] = "curl '{url}'"
    Options: ClassVar[type[Any]] = AccountOptions

    def mint(self, order: Order, options: AccountOptions) -> Bait:
        if "@" in options.user:
            raise MintError("the user of an FTP URL has no @", hint="give the part before it")
        made = account(order, options, "ftp", 21, users=_USERS)
        url = f"ftp://{made.user}:{made.password}@{made.server(21)}/"
        netrc = f"machine {made.hostname}\nlogin {made.user}\npassword {made.password}\n"
        files = (
            BaitFile(".netrc", netrc.encode()),
            BaitFile(".local/share/lftp/bookmarks", f"{made.user}\t{url}\n".encode()),
        )
        return Bait(made.tokens, f"{url}\n", files=files, row={**made.row(), "url": url})
