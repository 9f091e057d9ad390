"""What Dovecot says to who has logged in by IMAP and has one mailbox, which is empty.

Recorded from release 2.3.19; the releases of the hosts' distributions say the same, and list less of what they can.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from listener.protocol.lines import printable

_CAN = (
    "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT SORT=DISPLAY THREAD=REFERENCES THREAD=REFS"
    " THREAD=ORDEREDSUBJECT MULTIAPPEND URL-PARTIAL CATENATE UNSELECT CHILDREN NAMESPACE UIDPLUS LIST-EXTENDED"
    " I18NLEVEL=1 CONDSTORE QRESYNC ESEARCH ESORT SEARCHRES WITHIN CONTEXT=SEARCH LIST-STATUS BINARY MOVE SNIPPET=FUZZY"
    " PREVIEW=FUZZY"
)
_LATER = {"Debian 11": " STATUS=SIZE SAVEDATE"}
"""What release 2.3.13 has beyond 2.3.7."""
_LAST = " LITERAL+ NOTIFY SPECIAL-USE"
_FLAGS = rb"(\Answered \Flagged \Deleted \Seen \Draft"
_SELECTED = frozenset(b"CHECK CLOSE COPY EXPUNGE FETCH MOVE SEARCH SORT STORE THREAD UID UNSELECT".split())
"""Commands that are about a mailbox which is selected."""
_OF_NUMBERS = frozenset(b"COPY FETCH MOVE STORE".split())
_BY_UID = frozenset(b"COPY EXPUNGE FETCH MOVE SEARCH SORT STORE THREAD".split())
_ITEMS = (b"MESSAGES", b"RECENT", b"UIDNEXT", b"UIDVALIDITY", b"UNSEEN", b"HIGHESTMODSEQ", b"SIZE")
_DENIED = b"NO [NOPERM] Permission denied"
_NONE_SELECTED = b"BAD No mailbox selected"


def capabilities(distribution: str) -> str:
    """Behind a login, on a host of this distribution."""
    return _CAN + _LATER.get(distribution, "") + _LAST


def fault(name: bytes, what: bytes) -> bytes:
    """A command that is none, or none of this form; many of them end the connection."""
    return b"BAD Error in IMAP command%s: %s" % (b" " + printable(name) if name else b"", what)


class DovecotMailbox:
    """That of one connection. Names of mailboxes are bytes as they came, commands in capitals."""

    def __init__(self, validity: int) -> None:
        """``validity``: UIDVALIDITY, the second in which the mailbox was made."""
        self._validity = validity
        self._selected = self._counts = False
        """Whether the mailbox is, and whether the client has asked for the counts of changes (RFC 7162)."""

    def answer(self, name: bytes, rest: Sequence[bytes], tag: bytes) -> tuple[bytes, bytes]:
        """What is said without a tag, whole lines, and what is said behind it, without its end."""
        if name in _SELECTED and not self._selected:
            return b"", _NONE_SELECTED
        done = b"OK %s completed" % name.capitalize()
        match name:
            case b"SELECT" | b"EXAMINE":
                return self._select(name, rest)
            case b"STATUS":
                return self._status(rest)
            case b"LIST" | b"LSUB" | b"XLIST":
                return self._list(name, rest)
            case b"NAMESPACE":
                return b'* NAMESPACE (("" ".")) NIL NIL\r\n', done
            case b"CLOSE" | b"UNSELECT":
                self._selected = False
                return b"", done
            case b"UID":
                inner = rest[0].upper() if rest else b""
                if inner not in _BY_UID:
                    return b"", fault(b"UID " + inner, b"Unknown command")
                if inner in (b"COPY", b"MOVE"):
                    return b"", b"OK No messages found"
                return _found(inner, rest[1:], tag), b"OK %s completed" % inner.capitalize()
            case numbered if numbered in _OF_NUMBERS:
                return b"", fault(name, b"Invalid messageset")
            case b"SEARCH" | b"SORT" | b"THREAD" | b"EXPUNGE" | b"CHECK":
                return _found(name, rest, tag), done
            case b"ENABLE":
                self._counts = self._counts or bool({b"CONDSTORE", b"QRESYNC"} & set(_upper(rest)))
                known = [one for one in (b"CONDSTORE", b"QRESYNC") if one in _upper(rest)]
                return (b"* ENABLED %s\r\n" % b" ".join(known) if known else b""), b"OK Enabled"
            case b"NOTIFY":
                return b"", b"OK NOTIFY completed"
        return b"", self._changed(name, rest)

    def _changed(self, name: bytes, rest: Sequence[bytes]) -> bytes:
        if name not in (b"CREATE", b"DELETE", b"RENAME", b"SUBSCRIBE", b"UNSUBSCRIBE", b"APPEND"):
            return fault(name, b"Unknown command" if name else b"Invalid command name")
        if not rest or (name == b"RENAME" and len(rest) < 2):
            return fault(name, b"Missing arguments")
        if name in (b"CREATE", b"UNSUBSCRIBE") or _inbox(rest):
            return _DENIED
        code = {b"DELETE": b"[NONEXISTENT] ", b"RENAME": b"[NONEXISTENT] ", b"APPEND": b"[TRYCREATE] "}.get(
            name, b""
        )
        return b"NO %sMailbox doesn't exist: %s" % (code, printable(rest[0]))

    def _select(self, name: bytes, rest: Sequence[bytes]) -> tuple[bytes, bytes]:
        before = b"* OK [CLOSED] Previous mailbox closed.\r\n" if self._selected else b""
        if not rest:
            return b"", fault(name, b"Invalid arguments")
        self._selected = _inbox(rest)
        if not self._selected:
            return before, b"NO Mailbox doesn't exist: " + printable(rest[0])
        may = b"%s \\*)] Flags permitted." % _FLAGS if name == b"SELECT" else b"()] Read-only mailbox."
        said = (
            b"* FLAGS %s)\r\n* OK [PERMANENTFLAGS %s\r\n* 0 EXISTS\r\n* 0 RECENT\r\n"
            b"* OK [UIDVALIDITY %d] UIDs valid\r\n* OK [UIDNEXT 1] Predicted next UID\r\n"
        ) % (_FLAGS, may, self._validity)
        self._counts = self._counts or bool({b"CONDSTORE", b"QRESYNC"} & set(_upper(rest[1:])))
        if self._counts:
            said += b"* OK [HIGHESTMODSEQ 1] Highest\r\n"
        mode = b"READ-WRITE" if name == b"SELECT" else b"READ-ONLY"
        return before + said, b"OK [%s] %s completed" % (mode, name.capitalize())

    def _status(self, rest: Sequence[bytes]) -> tuple[bytes, bytes]:
        wanted = _upper(rest[1:])
        if not wanted:
            return b"", fault(b"STATUS", b"Missing arguments")
        if unknown := [one for one in wanted if one not in _ITEMS]:
            return b"", fault(b"STATUS", b"Invalid status item " + printable(unknown[0]))
        if not _inbox(rest):
            return b"", b"NO Mailbox doesn't exist: " + printable(rest[0])
        self._counts = self._counts or b"HIGHESTMODSEQ" in wanted
        told = (
            b"OK [CLIENTBUG] Status on selected mailbox completed"
            if self._selected
            else b"OK Status completed"
        )
        return self._counted(wanted), told

    def _counted(self, wanted: Iterable[bytes]) -> bytes:
        numbers = {b"UIDNEXT": 1, b"UIDVALIDITY": self._validity, b"HIGHESTMODSEQ": 1}
        items = [b"%s %d" % (one, numbers.get(one, 0)) for one in _ITEMS if one in wanted]
        return b"* STATUS INBOX (%s)\r\n" % b" ".join(items)

    def _list(self, name: bytes, rest: Sequence[bytes]) -> tuple[bytes, bytes]:
        done = b"OK %s completed" % (b"Lsub" if name == b"LSUB" else b"List")
        if len(rest) < 2:
            return b"", fault(name, b"Invalid reference" if not rest else b"Invalid pattern")
        words = _upper(rest)
        if name == b"LSUB" or words[0] == b"SUBSCRIBED":
            return b"", done
        if not rest[1]:
            return b'* %s (\\Noselect) "." ""\r\n' % name, done
        if not _inbox(rest[1:]) and not {b"*", b"%"} & set(rest[1:]):
            return b"", done
        flags = b"" if b"RETURN" in words and b"CHILDREN" not in words else b"\\HasNoChildren"
        said = b'* %s (%s) "." INBOX\r\n' % (name, flags)
        asked = words[words.index(b"STATUS") + 1 :] if b"STATUS" in words and b"RETURN" in words else []
        return said + (self._counted(asked) if asked else b""), done


def _found(name: bytes, rest: Sequence[bytes], tag: bytes) -> bytes:
    """Of nothing."""
    if name == b"SEARCH" and _upper(rest[:1]) == [b"RETURN"]:
        return b'* ESEARCH (TAG "%s")%s\r\n' % (tag, b" COUNT 0" if b"COUNT" in _upper(rest) else b"")
    return {b"SEARCH": b"* SEARCH\r\n", b"SORT": b"* SORT\r\n", b"THREAD": b"* THREAD \r\n"}.get(name, b"")


def _inbox(rest: Sequence[bytes]) -> bool:
    return bool(rest) and rest[0].upper() == b"INBOX"


def _upper(words: Iterable[bytes]) -> list[bytes]:
    return [word.upper() for word in words]
