"""SMTP, IMAP, POP3, FTP."""

from __future__ import annotations

import base64

from tests.carried import Door, anything, ascii_line, carries, one_line, word


def _plain(user: bytes, password: bytes) -> bytes:
    return base64.b64encode(b"\0" + user + b"\0" + password)


def _no_nul(data: bytes) -> bool:
    return anything(data) and b"\0" not in data


def _smtp(door: Door, *lines: bytes) -> bytes:
    login = b"AUTH PLAIN " + _plain(b"app", door.password.encode())
    return b"\r\n".join([b"EHLO a.example", login, *lines, b"QUIT", b""])


def _mailed(door: Door, message: bytes) -> bytes:
    return _smtp(door, b"MAIL FROM:<a@b.example>", b"RCPT TO:<c@d.example>", b"DATA", message, b".")


@carries("smtp helo", one_line, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return b"EHLO " + data + b"\r\nQUIT\r\n"


@carries("smtp user", _no_nul)
def _(data: bytes, door: Door) -> bytes:
    return (
        b"EHLO a\r\nAUTH LOGIN " + base64.b64encode(data) + b"\r\n" + base64.b64encode(b"x") + b"\r\nQUIT\r\n"
    )


@carries("smtp password", _no_nul)
def _(data: bytes, door: Door) -> bytes:
    return b"EHLO a\r\nAUTH PLAIN\r\n" + _plain(b"bob", data) + b"\r\nQUIT\r\n"


@carries("smtp unknown mechanism", anything)
def _(data: bytes, door: Door) -> bytes:
    return b"EHLO a\r\nAUTH X-OWN " + base64.b64encode(data) + b"\r\nQUIT\r\n"


@carries("smtp sender", word, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _smtp(door, b"MAIL FROM:<" + data + b"@b.example>")


@carries("smtp parameter of a sender", word)
def _(data: bytes, door: Door) -> bytes:
    return _smtp(door, b"MAIL FROM:<a@b.example> ENVID=" + data)


@carries("smtp recipient", word, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _smtp(door, b"MAIL FROM:<a@b.example>", b"RCPT TO:<" + data + b"@c.example>")


@carries("smtp subject", one_line)
def _(data: bytes, door: Door) -> bytes:
    return _mailed(door, b"Subject: " + data + b"\r\n\r\nhello")


@carries("smtp header of its own", ascii_line)
def _(data: bytes, door: Door) -> bytes:
    return _mailed(door, b"Subject: x\r\nX-Note:\r\n " + data + b"\r\n\r\nhello")


@carries("smtp body", _no_nul)
def _(data: bytes, door: Door) -> bytes:
    return _mailed(door, b"Subject: x\r\n\r\n" + data.replace(b"\n.", b"\n.."))


@carries("smtp attachment", anything)
def _(data: bytes, door: Door) -> bytes:
    head = b"Subject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n--b0\r\n"
    head += b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return _mailed(door, head + base64.encodebytes(data) + b"--b0--")


@carries("smtp message by BDAT", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    """Which is not offered."""
    whole = b"Subject: x\r\n\r\n" + data
    cut = len(whole) // 2
    chunks = b"BDAT %d\r\n%sBDAT %d LAST\r\n%s" % (cut, whole[:cut], len(whole) - cut, whole[cut:])
    return _smtp(door, b"MAIL FROM:<a@b.example>", b"RCPT TO:<c@d.example>", chunks)


@carries("smtp unknown command", one_line, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return b"EHLO a\r\nXYZ " + data + b"\r\nQUIT\r\n"


@carries("smtp argument that has no place", one_line, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return b"NOOP " + data + b"\r\nQUIT\r\n"


def _imap(door: Door, *lines: bytes) -> bytes:
    return b"\r\n".join([b"a LOGIN app " + door.password.encode(), *lines, b"z LOGOUT", b""])


def _quoted(data: bytes) -> bytes:
    return b'"' + data.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


@carries("imap tag", word, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return data + b" CAPABILITY\r\nz LOGOUT\r\n"


@carries("imap quoted password", one_line)
def _(data: bytes, door: Door) -> bytes:
    return b"a LOGIN bob " + _quoted(data) + b"\r\nz LOGOUT\r\n"


@carries("imap user as a literal", anything)
def _(data: bytes, door: Door) -> bytes:
    return b"a LOGIN {%d}\r\n%s {3}\r\nabc\r\nz LOGOUT\r\n" % (len(data), data)


@carries("imap password as a literal that waits for nothing", anything)
def _(data: bytes, door: Door) -> bytes:
    return b"a LOGIN {3+}\r\nbob {%d+}\r\n%s\r\nz LOGOUT\r\n" % (len(data), data)


@carries("imap initial response", _no_nul)
def _(data: bytes, door: Door) -> bytes:
    return b"a AUTHENTICATE PLAIN " + _plain(b"bob", data) + b"\r\nz LOGOUT\r\n"


@carries("imap id", one_line)
def _(data: bytes, door: Door) -> bytes:
    return b'a ID ("name" "x" "vendor" ' + _quoted(data) + b")\r\nz LOGOUT\r\n"


@carries("imap mailbox", one_line, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _imap(door, b"b SELECT " + _quoted(data))


@carries("imap search", one_line, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _imap(door, b"b SELECT INBOX", b"c UID SEARCH BODY " + _quoted(data))


@carries("imap appended message", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    message = b"Subject: x\r\n\r\n" + data
    return _imap(door, b"b APPEND Drafts (\\Seen) {%d+}\r\n%s" % (len(message), message))


@carries("imap literal that is too large", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _imap(door, b"b APPEND Drafts {99999+}\r\n" + data)


@carries("imap idle", one_line, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _imap(door, b"b IDLE", data)


@carries("pop3 user", one_line)
def _(data: bytes, door: Door) -> bytes:
    return b"USER " + data + b"\r\nPASS x\r\nQUIT\r\n"


@carries("pop3 password", one_line)
def _(data: bytes, door: Door) -> bytes:
    return b"USER bob\r\nPASS " + data + b"\r\nQUIT\r\n"


@carries("pop3 apop", word, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return b"APOP " + data + b" c4c9334bac560ecc979e58001b3e22fb\r\nQUIT\r\n"


@carries("pop3 response", _no_nul)
def _(data: bytes, door: Door) -> bytes:
    return b"AUTH LOGIN\r\n" + base64.b64encode(b"bob") + b"\r\n" + base64.b64encode(data) + b"\r\nQUIT\r\n"


@carries("pop3 argument", one_line, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return b"USER app\r\nPASS %s\r\nTOP %s\r\nQUIT\r\n" % (door.password.encode(), data)


@carries("pop3 argument that has no place", one_line, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return b"CAPA " + data + b"\r\nQUIT\r\n"


def _ftp(door: Door, *lines: bytes) -> bytes:
    return b"\r\n".join([b"USER app", b"PASS " + door.password.encode(), *lines, b"QUIT", b""])


@carries("ftp user", one_line)
def _(data: bytes, door: Door) -> bytes:
    return b"USER " + data + b"\r\nPASS x\r\nQUIT\r\n"


@carries("ftp password", one_line)
def _(data: bytes, door: Door) -> bytes:
    return b"USER bob\r\nPASS " + data + b"\r\nQUIT\r\n"


@carries("ftp account", one_line, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return b"USER bob\r\nACCT " + data + b"\r\nQUIT\r\n"


@carries("ftp site", one_line, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _ftp(door, b"SITE EXEC " + data)


@carries("ftp folder", one_line, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _ftp(door, b"MKD " + data)


@carries("ftp file", one_line, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _ftp(door, b"REST 1", b"RETR " + data)


@carries("ftp rest", one_line, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _ftp(door, b"REST " + data)


@carries("ftp option", one_line, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _ftp(door, b"OPTS UTF8 " + data)


@carries("ftp argument that has no place", one_line, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return b"FEAT " + data + b"\r\nQUIT\r\n"
