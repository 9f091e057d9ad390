"""Tokens as clients and thieves wrap them, in the bytes of every sort of trap: 98 of 100 are recognised.

The forms are made: each wrapping of each decoder's test, in each transport that can carry it. What is not recognised is
listed here with its reason, and a form that is listed and yet recognised fails too. So are some hundred forms that
programs of others make (`tests.wrapped`), as the body of a request.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import gzip
import json
import zlib
from collections.abc import Callable
from importlib import import_module
from urllib.parse import quote_from_bytes

import brotli
import pytest

from canaries.core import plugins
from listener import traps
from listener.evidence.shapes import Notes
from listener.evidence.sighting import Sighting
from listener.traps import Trap
from tests import wrapped
from tests.every import every, in_part_and_whole

TOKEN = b"sk-proj-Zk3_9aX-Q7vT2mLw8RtYb4"


CONTRACT = import_module("tests.canaries.decoders.test_contract")


def post(head: str, body: bytes) -> bytes:
    return f"POST /api HTTP/1.1\r\nHost: a.example\r\n{head}\r\n".encode() + body


def chunked(data: bytes) -> bytes:
    pieces = [data[at : at + 100] for at in range(0, len(data), 100)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def one_line(data: bytes) -> bytes | None:
    """``data``, where it can stand in a line of a protocol."""
    return data if data.isascii() and not any(byte < 0x20 for byte in data) and len(data) < 4000 else None


def line(before: bytes, after: bytes = b"\r\n") -> Callable[[bytes], bytes | None]:
    return lambda data: None if one_line(data) is None else before + data + after


def part(data: bytes) -> bytes:
    return post(
        "Content-Type: multipart/form-data; boundary=b0\r\n",
        b'--b0\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n' + data + b"\r\n--b0--\r\n",
    )


MAIL = b"DATA\r\nSubject: x\r\nContent-Transfer-Encoding: base64\r\n\r\n"
TRANSPORTS: dict[str, tuple[str, Callable[[bytes], bytes | None]]] = {
    "http query": ("http", lambda data: b"GET /x?q=" + quote_from_bytes(data, safe="").encode() + b" HTTP/1.1\r\n\r\n"),
    "http path": ("http", lambda data: b"GET /" + quote_from_bytes(data, safe="").encode() + b"/x HTTP/1.1\r\n\r\n"),
    "http header": ("http", line(b"GET / HTTP/1.1\r\nHost: a.example\r\nX-Data: ", b"\r\n\r\n")),
    "http cookie": (
        "http",
        lambda data: b"GET / HTTP/1.1\r\nCookie: a=b; s=" + quote_from_bytes(data, safe="").encode() + b"; c=d\r\n\r\n",
    ),
    "http body": ("http", lambda data: post("Content-Type: application/octet-stream\r\n", data)),
    "http chunked": ("http", lambda data: post("Transfer-Encoding: chunked\r\n", chunked(data))),
    "http gzip": ("http", lambda data: post("Content-Encoding: gzip\r\n", gzip.compress(data))),
    "http deflate": ("http", lambda data: post("Content-Encoding: deflate\r\n", zlib.compress(data))),
    "http br": ("http", lambda data: post("Content-Encoding: br\r\n", brotli.compress(data))),
    "http gzip, chunked": (
        "http",
        lambda data: post("Transfer-Encoding: gzip, chunked\r\n", chunked(gzip.compress(data))),
    ),
    "http multipart": ("http", part),
    "http json": ("http", lambda data: post("", json.dumps({"blob": base64.b64encode(data).decode()}).encode())),
    "smtp mail": (
        "smtp",
        lambda data: MAIL + base64.encodebytes(data) + b"\r\n.\r\n",
    ),
    "smtp subject": ("smtp", line(b"DATA\r\nSubject: ", b"\r\n\r\nhello\r\n.\r\n")),
    "redis command": ("redis", lambda data: b"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$%d\r\n%s\r\n" % (len(data), data)),
    "redis line": ("redis", line(b"AUTH ")),
    "imap login": ("imap", line(b"a1 LOGIN user ")),
    "pop3 pass": ("pop3", line(b"USER x\r\nPASS ")),
    "ftp pass": ("ftp", line(b"USER x\r\nPASS ")),
    "nats connect": ("nats", line(b'CONNECT {"auth_token":"', b'"}\r\n')),
    "postgres query": ("postgres", line(b"Q\0\0\0\x40SELECT '", b"'\0")),
    "mysql query": ("mysql", line(b"\x40\0\0\0\x03SELECT '", b"'")),
    "mqtt payload": ("mqtt", lambda data: b"\x30\x90\x01\0\4test" + base64.b64encode(data)),
    "amqp body": ("amqp", lambda data: b"\x03\0\1\0\0\0\x90" + base64.b64encode(data) + b"\xce"),
    "ldap bind": ("ldap", line(b"\x30\x80\x02\x01\x01\x60\x80\x02\x01\x03\x04\x02cn\x80\x80", b"\xa0\x00")),
}  # fmt: skip

_TAKEN_FOR_BASE64 = (
    "what comes out of the base64 is no text throughout, and its characters are seen by nobody"
)
UNRECOGNISED: dict[tuple[str, str], str] = {("mqtt payload", "zero-width spaces"): _TAKEN_FOR_BASE64}
"""(transport, wrapping): why."""

_ANY_RUN = "it has no mark, and any run of letters or signs might be it"
_NO_ENCODING = (
    "what a person does to hide something, in as many ways as there are people; no program undoes it unasked"
)
_FOLLOWED = "a program would have to be run"
_APART = "no server puts them together"
_NO_CLIENT = "no client or server reads it so"
_NO_BAIT = "no bait of Trapline stands in programs of that language"
_NO_TRAP = "no trap speaks that protocol"
_MEANT = "the signs between are values' own in any other text"


def base58(token: bytes) -> bytes:
    digits, number = (
        b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
        int.from_bytes(token, "big"),
    )
    written = b""
    while number:
        number, digit = divmod(number, 58)
        written = digits[digit : digit + 1] + written
    return written


def z85(token: bytes) -> bytes:
    digits = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
    return base64.b85encode(token).translate(bytes.maketrans(_B85, digits))


_B85 = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"


def cisco(token: bytes) -> bytes:
    key = b"dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87"
    return b"password 7 00" + bytes(code ^ key[at] for at, code in enumerate(token)).hex().upper().encode()


NOT_DECODED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "base58": (base58, f"{_ANY_RUN}; undoing it takes the square of the length"),
    "base85 without marks": (base64.b85encode, _ANY_RUN),
    "base32hex": (base64.b32hexencode, f"{_ANY_RUN}: each hash is tried as hexadecimal already"),
    "EBCDIC": (lambda token: token.decode().encode("cp037"), f"{_ANY_RUN}, and the machines that speak it translate"),
    "snappy": (lambda token: bytes([len(token), len(token) - 1 << 2]) + token, "it has no mark"),
    "octal numbers": (lambda token: b" ".join(b"%03o" % code for code in token), _ANY_RUN),
    "rot13": (lambda token: codecs.encode(token.decode(), "rot13").encode(), _NO_ENCODING),
    "reversed": (lambda token: token[::-1], f"{_NO_ENCODING}; `scan` finds it"),
    "exclusive or with a byte": (lambda token: bytes(code ^ 0x55 for code in token), _NO_ENCODING),
    "a space after each four": (lambda token: b" ".join(token[at : at + 4] for at in range(0, 40, 4)), _NO_ENCODING),
    "carets of cmd": (lambda token: b"^".join((token[:9], token[9:])), f"{_NO_ENCODING}: a shell takes them out"),
    "letters and figures of Crockford": (
        lambda token: base64.b32encode(token).translate(bytes.maketrans(b"ILOU", b"1V0W")), _ANY_RUN
    ),
    "Z85": (z85, _ANY_RUN),
    "uuencoded without its marks": (binascii.b2a_uu, _ANY_RUN),
    "decimal numbers between dots": (lambda token: b".".join(b"%d" % code for code in token), _ANY_RUN),
    "seven bits a character": (lambda token: b" ".join(format(code, "07b").encode() for code in token), _ANY_RUN),
    "characters between blanks": (lambda token: b"[" + b" ".join(b"%c" % code for code in token) + b"]", _ANY_RUN),
    "base64, reversed": (lambda token: base64.b64encode(token)[::-1], _NO_ENCODING),
    "cut into labels": (lambda token: token[:9] + b"." + token[9:18] + b"." + token[18:] + b".a.example", _NO_ENCODING),
    "put together by position": (lambda token: b"('{1}{0}' -f '%s','%s')" % (token[9:], token[:9]), _NO_ENCODING),
    "a string and a bare word": (lambda token: b"K=\"%s\"'%s'%s" % (token[:5], token[5:9], token[9:]), _NO_ENCODING),
    "machine code": (
        lambda token: b"".join(
            b"mov dword [rsp+%d], 0x%08x\n" % (at, int.from_bytes(token[at : at + 4], "little"))
            for at in range(0, 30, 4)
        ),
        _NO_ENCODING,
    ),
    "one key at a time": (
        lambda token: b"\n".join(json.dumps([at, "o", chr(code)]).encode() for at, code in enumerate(token)),
        "a recording of a terminal, and a token is pasted into one",
    ),
    "bytes of a pickle of Python 2": (
        lambda token: b"(dp0\nVk\np1\nV" + token + b"\np2\ns.", "it has no mark"),
    "masked frame": (
        lambda token: b"\x81\x9e\1\2\3\4" + bytes(code ^ (at % 4 + 1) for at, code in enumerate(token)),
        "the reader of WebSocket frames undoes it, where there is one",
    ),
    "password of TDS": (
        lambda token: bytes((code << 4 & 0xF0 | code >> 4) ^ 0xA5 for one in token for code in (one, 0)),
        "the trap of SQL Server undoes it, in the field that has it",
    ),
    "type 7 of Cisco": (cisco, "no bait of Trapline stands in a router's configuration"),
    "packed words of Cap'n Proto": (
        lambda token: b"\xff" + token[:8] + b"\2" + token[8:24] + b"\x3f" + token[24:], "it has no mark"
    ),
    "yEnc": (lambda token: b"=ybegin size=30\r\n" + bytes((code + 42) % 256 for code in token), _NO_CLIENT),
    "emphasis of one star": (lambda token: token[:5] + b"*" + token[5:9] + b"*" + token[9:], "a product in a program"),
    "grave accents of PowerShell": (lambda token: token[:3] + b"`" + token[3:8] + b"`" + token[8:], _NO_ENCODING),
    "a variable in a string": (lambda token: b'A="%s"\nK="${A}%s"' % (token[:9], token[9:]), _FOLLOWED),
    "a name in a template": (lambda token: b"`%s${'%s'}`" % (token[:9], token[9:]), _FOLLOWED),
    "words of a list": (lambda token: b"%%w[%s %s].join" % (token[:9], token[9:]), _FOLLOWED),
    "a list without a word": (lambda token: b"k = ['%s', '%s']" % (token[:9], token[9:]), "two values of any list"),
    "base64 in groups of four": (
        lambda token: (lambda coded: b" ".join(coded[at : at + 4] for at in range(0, len(coded), 4)))(
            base64.b64encode(token)
        ),
        "so look short words",
    ),
    "numbers behind a sign of its own": (lambda token: token.replace(b"-", b"~2d").replace(b"_", b"~5f"), _ANY_RUN),
    "capitals behind an underscore": (
        lambda token: b"".join(b"_%c" % (code | 32) if 65 <= code < 91 else b"%c" % code for code in token), _ANY_RUN
    ),
    "names of NetBIOS": (lambda token: bytes(65 + half for code in token for half in (code >> 4, code & 15)), _ANY_RUN),
    "letters of a YubiKey": (
        lambda token: token.hex().encode().translate(bytes.maketrans(b"0123456789abcdef", b"cbdefghijklnrtuv")),
        _ANY_RUN,
    ),
    "addresses of the internet": (
        lambda token: b"\n".join(b".".join(b"%d" % code for code in token[at : at + 4]) for at in range(0, 30, 4)),
        "a list of addresses in any log",
    ),
    "a parity bit": (
        lambda token: bytes(code | (code.bit_count() % 2) << 7 for code in token), "no machine that writes it is left"
    ),
    "compress, which was before gzip": (
        lambda token: b"\x1f\x9d\x90" + (
            sum(code << 9 * at for at, code in enumerate(token)).to_bytes(9 * len(token) // 8 + 1, "little")
        ),
        "no program writes it any more",
    ),
    "deflate behind other bytes": (
        lambda token: b"HDR1\0\0\0\x40" + zlib.compress(token * 9, wbits=-15), "it has no mark"
    ),
    "events of a browser": (
        lambda token: b"data: %s\ndata: %s\n\n" % (token[:9], token[9:]), "a client puts a line's end between them"
    ),
    "two parameters": (lambda token: b"a=%s&b=%s" % (token[:9], token[9:]), _APART),
    "two headers": (lambda token: b"X-A: %s\r\nX-B: %s\r\n" % (token[:9], token[9:]), _APART),
    "two strings with a length": (
        lambda token: b"\x09%s\0\x04a\0\x15%s" % (token[:9], token[9:]),
        f"{_APART}; one that is cut is longer than a token",
    ),
    "groups of EDIFACT": (
        lambda token: b"FTX+AAI+++" + token[:9] + b":" + token[9:18] + b":" + token[18:] + b"'", _MEANT
    ),
    "parts of a field of HL7": (lambda token: b"OBX|1|TX|K^^L||" + token[:9] + b"~" + token[9:] + b"||||F\r", _MEANT),
    "UESCAPE": (
        lambda token: b"U&'" + b"".join(b"!%04X" % code for code in token) + b"' UESCAPE '!'",
        "any sign may be the escape, and only what stands behind the string says which",
    ),
    "a string that goes on in Fortran": (
        lambda token: b"      K = '" + token[:9] + b"&\n     &" + token[9:] + b"'\n", _NO_BAIT
    ),
    "a literal that goes on in COBOL": (
        lambda token: b"000100     05 K PIC X(30) VALUE '%s\n000200-    '%s'.\n" % (token[:9], token[9:]), _NO_BAIT
    ),
    "strings of bencode": (lambda token: b"l9:%s%d:%se" % (token[:9], len(token) - 9, token[9:]), _APART),
    "a string of BER in pieces": (
        lambda token: b"\x24\x80\x04\x09%s\x04%c%s\0\0" % (token[:9], len(token) - 9, token[9:]),
        "clients of LDAP may not write it (RFC 4511, section 5.1), and others do not",
    ),
    "records of FastCGI": (
        lambda token: b"".join(
            b"\1\5\0\1\0%c\0\0%s" % (len(part), part) for part in (token[:9], token[9:])
        ),
        _NO_TRAP,
    ),
    "chunks of RTMP": (
        lambda token: b"\3\0\0\0\0\0%c\x14\0\0\0\0%s\xc3%s" % (len(token), token[:9], token[9:]), _NO_TRAP
    ),
    "chunks of Oracle": (
        lambda token: b"\xfe\x09%s%c%s\0" % (token[:9], len(token) - 9, token[9:]), _NO_TRAP
    ),
    "hexadecimal among letters, as Snort has it": (
        lambda token: b'content:"' + token[:5] + b"|" + token[5:8].hex(" ").encode() + b"|" + token[8:] + b'";',
        "rules are written of what a network carries, and a token is none",
    ),
    "columns without walls": (
        lambda token: b"key    " + token[:9] + b"   on\n       " + token[9:] + b"\n", "so look the words of any table"
    ),
    "a soft line break of HTML": (lambda token: token[:9] + b"<br>" + token[9:], "so look two lines of any page"),
    "hexadecimal between dots, four digits each": (
        lambda token: b".".join(token[at : at + 2].hex().encode() for at in range(0, len(token), 2)), _ANY_RUN
    ),
    "empty braces of LaTeX": (lambda token: token[:9] + b"{}" + token[9:], "an empty object in any program"),
    "pieces in a plain array of JSON": (
        lambda token: b'["%s", "%s"]' % (token[:9], token[9:]), "two values of any list"
    ),
    "Punycode": (lambda token: b"xn--" + token.lower() + b"-kva", "no name that holds a token has other letters"),
}  # fmt: skip
"""Forms that are left alone: how they are made, and why."""


FORMS = {
    name: made
    for module in plugins.module_names(wrapped.__name__)
    for name, made in import_module(f"tests.wrapped.{module}").FORMS.items()
}


def sighting(trap: str, raw: bytes) -> Sighting:
    notes: Notes = {"request": "mail"} if trap == "smtp" else {}
    return Sighting(
        id="0" * 32, trap=trap, observed_at=0, peer=("127.0.0.1", 1), local=("127.0.0.1", 2), transport="tcp",
        raw=raw, size=len(raw), front="f", number=1, connection=1, clock={}, notes=notes,
    )  # fmt: skip


READERS = plugins.classes(traps.FOLDER, Trap)


@in_part_and_whole
def test_ninety_eight_of_a_hundred_wrapped_forms_are_recognised_and_the_rest_is_listed(whole: bool) -> None:
    """In part: each transport with a third of the wrappings, each wrapping with a third of the transports."""
    tried, lost = set(), set()
    for number, (transport, (trap, carry)) in enumerate(TRANSPORTS.items()):
        for other, name in enumerate(CONTRACT.WRAPPERS):
            if not whole and (number + other) % 3 and (transport, name) not in UNRECOGNISED:
                continue
            data = CONTRACT.wrapped(TOKEN, name)
            raw = None if data is None else carry(data)
            if raw is None or len(raw) > 262_144:
                continue
            tried.add((transport, name))
            if TOKEN not in set(READERS[trap].read(sighting(trap, raw)).candidates):
                lost.add((transport, name))
    assert len(tried) >= (3000 if whole else 1000)
    assert lost == set(UNRECOGNISED)
    assert len(lost) <= len(tried) * 0.02


@every("name", FORMS)
def test_what_programs_of_others_make_is_recognised(name: str) -> None:
    for token in CONTRACT.TOKENS:
        raw = post("", FORMS[name](token))
        assert token in set(READERS["http"].read(sighting("http", raw)).candidates)


@every("name", NOT_DECODED)
def test_a_form_that_is_listed_as_not_decoded_is_not(name: str) -> None:
    made, reason = NOT_DECODED[name]
    data = made(TOKEN)
    assert TOKEN not in CONTRACT.found(data), "take it off the list"
    assert reason


@pytest.mark.parametrize("trap", sorted(READERS))
def test_every_trap_looks_into_what_it_noted_and_into_the_raw_bytes(trap: str) -> None:
    coded = base64.b64encode(gzip.compress(b"key=" + TOKEN))
    assert TOKEN in set(READERS[trap].read(sighting(trap, b"\x00\x01" + coded + b"\r\n")).candidates)
    noted = Sighting(
        id="0" * 32, trap=trap, observed_at=0, peer=("127.0.0.1", 1), local=("127.0.0.1", 2), transport="tcp",
        raw=b"", size=0, front="f", number=1, connection=1, clock={}, notes={"password": coded.decode()},
    )  # fmt: skip
    if trap != "http":  # which notes nothing that a client said
        assert TOKEN in set(READERS[trap].read(noted).candidates)
