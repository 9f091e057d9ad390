"""Behind a login the IMAP trap says what Dovecot 2.3.19 said of an empty mailbox, command by command."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.conversation import Send
from listener.protocol.dovecot_mailbox import DovecotMailbox, capabilities
from listener.protocol.identity import Identity
from listener.traps.imap import ImapConversation

RECORDED = [
    ("NOOP", "b OK NOOP completed"),
    ("CHECK", "b BAD No mailbox selected"),
    ('LIST "" *', '* LIST (\\HasNoChildren) "." INBOX\r\nb OK List completed'),
    ('LIST "" %', '* LIST (\\HasNoChildren) "." INBOX\r\nb OK List completed'),
    ('LIST "" INBOX', '* LIST (\\HasNoChildren) "." INBOX\r\nb OK List completed'),
    ('LIST "" nosuch', "b OK List completed"),
    ('LIST "" ""', '* LIST (\\Noselect) "." ""\r\nb OK List completed'),
    ('LSUB "" *', "b OK Lsub completed"),
    ("NAMESPACE", '* NAMESPACE (("" ".")) NIL NIL\r\nb OK Namespace completed'),
    (
        "STATUS INBOX (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN)",
        "* STATUS INBOX (MESSAGES 0 RECENT 0 UIDNEXT 1 UIDVALIDITY 1795973630 UNSEEN 0)\r\nb OK Status completed",
    ),
    (
        "STATUS INBOX (UNSEEN HIGHESTMODSEQ SIZE MESSAGES)",
        "* STATUS INBOX (MESSAGES 0 UNSEEN 0 HIGHESTMODSEQ 1 SIZE 0)\r\nb OK Status completed",
    ),
    ("STATUS INBOX (FOO)", "b BAD Error in IMAP command STATUS: Invalid status item FOO"),
    ("STATUS INBOX", "b BAD Error in IMAP command STATUS: Missing arguments"),
    ("STATUS nosuch (MESSAGES)", "b NO Mailbox doesn't exist: nosuch"),
    ("SEARCH ALL", "b BAD No mailbox selected"),
    ("FETCH 1 BODY[]", "b BAD No mailbox selected"),
    ("UID SEARCH ALL", "b BAD No mailbox selected"),
    ("SELECT nosuch", "b NO Mailbox doesn't exist: nosuch"),
    ("SELECT", "b BAD Error in IMAP command SELECT: Invalid arguments"),
    (
        "SELECT INBOX (CONDSTORE)",
        (
            "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)\r\n"
            "* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)] Flags permitted.\r\n"
            "* 0 EXISTS\r\n"
            "* 0 RECENT\r\n"
            "* OK [UIDVALIDITY 1795973630] UIDs valid\r\n"
            "* OK [UIDNEXT 1] Predicted next UID\r\n"
            "* OK [HIGHESTMODSEQ 1] Highest\r\n"
            "b OK [READ-WRITE] Select completed"
        ),
    ),
    (
        "STATUS INBOX (MESSAGES)",
        "* STATUS INBOX (MESSAGES 0)\r\nb OK [CLIENTBUG] Status on selected mailbox completed",
    ),
    ("SEARCH ALL", "* SEARCH\r\nb OK Search completed"),
    ("SEARCH RETURN (COUNT) ALL", '* ESEARCH (TAG "b") COUNT 0\r\nb OK Search completed'),
    ("UID SEARCH ALL", "* SEARCH\r\nb OK Search completed"),
    ("UID FETCH 1:* FLAGS", "b OK Fetch completed"),
    ("UID COPY 1 nosuch", "b OK No messages found"),
    ("UID STORE 1 +FLAGS (\\Seen)", "b OK Store completed"),
    ("UID FOO", "b BAD Error in IMAP command UID FOO: Unknown command"),
    ("UID THREAD REFS UTF-8 ALL", "* THREAD \r\nb OK Thread completed"),
    ("SORT (DATE) UTF-8 ALL", "* SORT\r\nb OK Sort completed"),
    ("FETCH 1 BODY[]", "b BAD Error in IMAP command FETCH: Invalid messageset"),
    ("STORE 1 +FLAGS (\\Seen)", "b BAD Error in IMAP command STORE: Invalid messageset"),
    ("EXPUNGE", "b OK Expunge completed"),
    ("CHECK", "b OK Check completed"),
    ("COPY 1 nosuch", "b BAD Error in IMAP command COPY: Invalid messageset"),
    (
        "EXAMINE INBOX",
        (
            "* OK [CLOSED] Previous mailbox closed.\r\n"
            "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)\r\n"
            "* OK [PERMANENTFLAGS ()] Read-only mailbox.\r\n"
            "* 0 EXISTS\r\n"
            "* 0 RECENT\r\n"
            "* OK [UIDVALIDITY 1795973630] UIDs valid\r\n"
            "* OK [UIDNEXT 1] Predicted next UID\r\n"
            "* OK [HIGHESTMODSEQ 1] Highest\r\n"
            "b OK [READ-ONLY] Examine completed"
        ),
    ),
    ("CLOSE", "b OK Close completed"),
    ("UNSELECT", "b BAD No mailbox selected"),
    ("DELETE nosuch", "b NO [NONEXISTENT] Mailbox doesn't exist: nosuch"),
    ("RENAME nosuch y", "b NO [NONEXISTENT] Mailbox doesn't exist: nosuch"),
    ("SUBSCRIBE nosuch", "b NO Mailbox doesn't exist: nosuch"),
    ("ENABLE CONDSTORE", "* ENABLED CONDSTORE\r\nb OK Enabled"),
    ("ENABLE FOO", "b OK Enabled"),
    ("LIST", "b BAD Error in IMAP command LIST: Invalid reference"),
    (
        'LIST "" * RETURN (STATUS (MESSAGES))',
        '* LIST () "." INBOX\r\n* STATUS INBOX (MESSAGES 0)\r\nb OK List completed',
    ),
    ("NOTIFY NONE", "b OK NOTIFY completed"),
    ("LOGIN a b", "b BAD Error in IMAP command LOGIN: Unknown command"),
    ("STARTTLS", "b BAD Error in IMAP command STARTTLS: Unknown command"),
    ("FOO", "b BAD Error in IMAP command FOO: Unknown command"),
    ("CREATE", "b BAD Error in IMAP command CREATE: Missing arguments"),
    ("GETQUOTAROOT INBOX", "b BAD Error in IMAP command GETQUOTAROOT: Unknown command"),
]
"""One connection's commands, and what was said to each, without what it took."""


def test_a_whole_session_is_dovecots() -> None:
    conversation = ImapConversation(Identity(b"k" * 32), 1, now=lambda: 1)
    list(conversation.feed(b"a LOGIN ann secret\r\n"))
    conversation._box = DovecotMailbox(1_795_973_630)
    for command, wanted in RECORDED:
        steps = conversation.feed(b"b " + command.encode() + b"\r\n")
        said = b"".join(step.data for step in steps if isinstance(step, Send)).decode()
        assert said == f"{wanted} (0.001 + 0.000 secs).\r\n", command


def test_of_each_release_what_it_can() -> None:
    assert "SAVEDATE" in capabilities("Debian 11")
    assert "SAVEDATE" not in capabilities("Ubuntu 20.04")


@given(name=st.binary(max_size=20), rest=st.lists(st.binary(max_size=40), max_size=6))
def test_any_command_has_one_answer(name: bytes, rest: list[bytes]) -> None:
    untagged, told = DovecotMailbox(1).answer(name.upper(), rest, b"t")
    assert told[:3] in (b"OK ", b"NO ", b"BAD")
    assert not untagged or untagged.endswith(b"\r\n")
    assert b"\n" not in told
