"""What the log was when somebody last signed in, held against what it is: a rollback in between is said aloud.

It is kept in a file of the home, ``seen/ACCOUNT``, and not in the database, which a rollback would put back as well.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from canaries.core import files, store
from canaries.ledger.checkpoints import log_verifier
from canaries.ledger.signed_note import NoteError, open_checkpoint

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from canaries.ledger.signed_note import Checkpoint


def look(home: Home, account_id: str) -> tuple[str, str]:
    """(the log at the last visit as ``size root``, a sentence where it was rolled back), and take note of today's."""
    path = home.path / "seen" / account_id
    try:
        kept = json.loads(path.read_text("ascii"))
        size, root = int(kept["size"]), str(kept["root"])
    except (OSError, ValueError, KeyError, TypeError):
        size, root = 0, ""
    now = _newest(home)
    problem = _problem(home, size, root, now) if size else ""
    if now is not None and not problem:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        files.replace(path, json.dumps({"size": now.size, "root": now.root.hex()}).encode())
    return (f"{size} {root}" if size else ""), problem


def _newest(home: Home) -> Checkpoint | None:
    table = store.checkpoint
    with home.store.read() as connection:
        note = connection.scalar(select(table.c.note).order_by(table.c.size.desc()).limit(1))
    return _opened(home, note)


def _opened(home: Home, note: str | None) -> Checkpoint | None:
    try:
        return open_checkpoint(note, log_verifier(home)) if note else None
    except NoteError:
        return None


def _problem(home: Home, size: int, root: str, now: Checkpoint | None) -> str:
    """Empty where the log of today holds the checkpoint of then."""
    if now is None or now.size < size:
        return f"at your last visit the log had {size} signed entries, now it has {now.size if now else 0}"
    table = store.checkpoint
    with home.store.read() as connection:
        note = connection.scalar(select(table.c.note).where(table.c.size == size))
    then = _opened(home, note)
    if then is None or then.root.hex() != root:
        return f"the log of {size} entries is another one than at your last visit"
    return ""
