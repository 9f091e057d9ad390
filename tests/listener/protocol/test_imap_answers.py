"""What IMAP servers answer: right ones read whole, and whatever else comes leaves nothing but what can be believed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from listener.protocol import imap_answers
from listener.protocol.imap_answers import FetchedMessage, fetched

DATE = b"17-Jul-1996 02:44:25 -0700"


@pytest.mark.parametrize(
    "answer",
    [
        [(b'1 (UID 5 INTERNALDATE "%s" RFC822.SIZE 44 BODY[]<0> {3}' % DATE, b"a)b"), b")"],
        [
            (b"1 (BODY[]<0> {3}", b"a)b"),
            b' uid 5 rfc822.size 44 internaldate "%s" FLAGS (\\Seen (x)))' % DATE,
        ],
        [b'1 (UID 5 INTERNALDATE "%s" RFC822.SIZE 44 BODY[] "a)b" X NIL)' % DATE],
        [
            b"2 (FLAGS (\\Seen) UID 9",
            b'1 (UID 5 INTERNALDATE "%s" RFC822.SIZE 44 BODY[HEADER (A B)] "a)b")' % DATE,
        ],
    ],
)
def test_a_message_is_read_whatever_the_order_and_the_form(answer: imap_answers.Answer) -> None:
    at = datetime(1996, 7, 17, 9, 44, 25, tzinfo=UTC)
    assert FetchedMessage(5, 44, at, b"a)b") in fetched(answer)


def test_what_is_no_message_is_left_out() -> None:
    assert (
        fetched([None, b"", b"3 EXISTS", b"1 (FLAGS ())", b"1 (UID 0 BODY[] {9}", b"1 (UID", b"(" * 99]) == []
    )
    (one,) = fetched([b'1 (UID 7 INTERNALDATE "32-Foo-1996 99:99:99 +9999" BODY[] NIL RFC822.SIZE x)'])
    assert one == FetchedMessage(7, 0, None, None)


def test_numbers_are_each_given_once_and_ascending() -> None:
    assert imap_answers.numbers([b"9 3 3 0 x 4294967296 99999999999", None, b"", b"1"]) == [1, 3, 9]


@pytest.mark.parametrize(
    ("said", "at"),
    [
        (b" 1-Feb-2026 00:00:00 +0000", datetime(2026, 2, 1, tzinfo=UTC)),
        (b"01-FEB-2026 00:00:60 +0000", datetime(2026, 2, 1, 0, 0, 59, tzinfo=UTC)),
        (b"30-Feb-2026 00:00:00 +0000", None),
        (b"01-Jan-0001 00:00:00 +2359", None),
        (b"01-Jan-2026 00:00:00 +9900", None),
        (b"", None),
    ],
)
def test_a_date_is_read_or_is_none(said: bytes, at: datetime | None) -> None:
    assert imap_answers.internal_date(said) == at


def test_names_of_folders_are_sent_as_the_standard_has_them() -> None:
    assert imap_answers.folder_name("INBOX") == '"INBOX"'
    assert imap_answers.folder_name('a"b\\c & d') == '"a\\"b\\\\c &- d"'
    assert (
        imap_answers.folder_name("~peter/mail/台北/日本語") == '"~peter/mail/&U,BTFw-/&ZeVnLIqe-"'
    )  # RFC 3501, 5.1.3


@given(st.lists(st.one_of(st.binary(), st.tuples(st.binary(), st.binary()), st.none()), max_size=6))
@example([b"((((((((((((((((((((((((((((((((((", b'"\\', b"{9999999999}\r\n"])
def test_no_answer_breaks_the_reader(answer: imap_answers.Answer) -> None:
    for one in fetched(answer):
        assert 0 < one.uid <= imap_answers.LARGEST_UID * 10
    assert all(0 < one <= imap_answers.LARGEST_UID for one in imap_answers.numbers(answer))


_words = st.sampled_from(
    [b"(", b")", b" ", b"UID", b"BODY[", b"]", b'"', b"{3}\r\n", b"\\", b"NIL", b"7", b"abc", b"[x y]"]
)


@given(st.lists(_words, max_size=40).map(b"".join))
def test_no_grammar_breaks_the_reader(said: bytes) -> None:
    fetched([b"1 (UID 4 " + said + b")", said])


@given(st.binary(max_size=200), st.integers(1, imap_answers.LARGEST_UID))
def test_a_literal_is_given_back_as_it_is(content: bytes, uid: int) -> None:
    answer: imap_answers.Answer = [(b"1 (UID %d BODY[]<0> {%d}" % (uid, len(content)), content), b")"]
    assert fetched(answer) == [FetchedMessage(uid, 0, None, content)]
