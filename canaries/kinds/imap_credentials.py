"""A login at a mailbox: an mbsync and a mutt configuration."""

from __future__ import annotations

from typing import Any, ClassVar

from canaries.core.model import Bait, BaitFile
from canaries.core.render import render
from canaries.kinds import Kind, Order
from canaries.kinds._accounts import SecureOptions, account, ca_file

_USERS = ("info", "office", "accounts", "billing", "hr", "support", "sales", "archive", "backup", "legal")
_FOLDERS = ("mail", "Mail", "Maildir", ".mail", "mailbackup", "Post")


class ImapCredentials(Kind):
    name: ClassVar[str] = "imap-credentials"
    traps: ClassVar[tuple[str, ...]] = ("imap",)
    title: ClassVar[str] = "A login at a mailbox, for mbsync and mutt"
    fired_by: ClassVar[str] = (
        "mbsync, mutt, curl, imaplib and mail programs, where an IMAP trap listens on that port: user and password "
        "come in clear, then what is looked for in an empty mailbox. fetchmail and others ask a POP3 trap with the "
        "same login."
    )
    plant_hint: ClassVar[str] = (
        "In a home folder (~/.mbsyncrc, ~/.muttrc), a mail archive's job, or a backup of one."
    )
    try_hint: ClassVar[str] = "curl --user '{user}:{password}' 'imap://{server}/INBOX'"
    Options: ClassVar[type[Any]] = SecureOptions

    def mint(self, order: Order, options: SecureOptions) -> Bait:
        made = account(order, options, "imap", 143, users=_USERS, mail=True)
        ca = ca_file(order, options)
        name = made.user.partition("@")[0]
        values: dict[str, object] = {"account": made, "name": name, "server": made.server(143), "ca": ca}
        values["folder"] = order.stream.pick("folder", _FOLDERS)
        mbsync = render("kinds/imap-credentials.mbsyncrc.j2", **values)
        mutt = render("kinds/imap-credentials.muttrc.j2", **values)
        files = [BaitFile(".mbsyncrc", mbsync.encode()), BaitFile(".muttrc", mutt.encode())]
        if ca:
            files.append(ca)
        row = {**made.row(), "server": made.server(143)}
        return Bait(made.tokens, mbsync, files=tuple(files), row=row)
