"""LDAP, DNS, VNC, and what is said where no other word is expected."""

from __future__ import annotations

import struct

from tests.carried import Door, anything, carries


def _ber(tag: int, content: bytes) -> bytes:
    size = len(content)
    length = bytes([size]) if size < 128 else b"\x82" + struct.pack(">H", size)
    return bytes([tag]) + length + content


def _message(number: int, operation: bytes, controls: bytes = b"") -> bytes:
    return _ber(0x30, _ber(2, bytes([number])) + operation + controls)


def _bind(name: bytes = b"cn=bob", password: bytes = b"x") -> bytes:
    return _message(1, _ber(0x60, _ber(2, b"\x03") + _ber(4, name) + _ber(0x80, password)))


def _ldap(door: Door, operation: bytes, controls: bytes = b"") -> bytes:
    bind = _bind(b"cn=app", door.password.encode())
    return bind + _message(2, operation, controls) + _message(3, _ber(0x42, b""))


def _search(base: bytes, condition: bytes, wanted: bytes = b"") -> bytes:
    numbers = _ber(10, b"\x02") + _ber(10, b"\0") + _ber(2, b"\0") + _ber(2, b"\0") + _ber(1, b"\0")
    return _ber(0x63, _ber(4, base) + numbers + condition + _ber(0x30, wanted))


@carries("ldap name", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _bind(name=b"cn=" + data)


@carries("ldap password", anything)
def _(data: bytes, door: Door) -> bytes:
    return _bind(password=data)


@carries("ldap credentials of a mechanism", anything)
def _(data: bytes, door: Door) -> bytes:
    sasl = _ber(0xA3, _ber(4, b"X-OWN") + _ber(4, data))
    return _message(1, _ber(0x60, _ber(2, b"\x03") + _ber(4, b"") + sasl))


@carries("ldap base of a search", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _ldap(door, _search(b"ou=" + data, _ber(0x87, b"cn")))


@carries("ldap value in a filter", anything)
def _(data: bytes, door: Door) -> bytes:
    return _ldap(door, _search(b"", _ber(0xA0, _ber(0xA2, _ber(0xA3, _ber(4, b"cn") + _ber(4, data))))))


@carries("ldap attribute that is asked for", anything)
def _(data: bytes, door: Door) -> bytes:
    return _ldap(door, _search(b"", _ber(0x87, b"cn"), _ber(4, data)))


@carries("ldap binary attribute", anything)
def _(data: bytes, door: Door) -> bytes:
    attribute = _ber(0x30, _ber(4, b"jpegPhoto;binary") + _ber(0x31, _ber(4, b"x") + _ber(4, data)))
    return _ldap(door, _ber(0x68, _ber(4, b"cn=x") + _ber(0x30, attribute)))


@carries("ldap control", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    control = _ber(0x30, _ber(4, b"1.2.840.113556.1.4.319") + _ber(1, b"\0") + _ber(4, data))
    return _ldap(door, _search(b"", _ber(0x87, b"cn")), _ber(0xA0, control))


@carries("ldap extended operation", anything)
def _(data: bytes, door: Door) -> bytes:
    return _ldap(door, _ber(0x77, _ber(0x80, b"1.3.6.1.4.1.4203.1.11.1") + _ber(0x81, data)))


@carries("ldap extended operation that is known", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _ldap(door, _ber(0x77, _ber(0x80, b"1.3.6.1.4.1.4203.1.11.3") + _ber(0x81, data)))


@carries("ldap abandoned", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _ldap(door, _ber(0x50, b"\x01"), _ber(0xA0, _ber(0x30, _ber(4, b"1.2") + _ber(4, data))))


@carries("ldap unbind", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _message(1, _ber(0x42, b""), _ber(0xA0, _ber(0x30, _ber(4, b"1.2") + _ber(4, data))))


def _labels(*labels: bytes) -> bytes:
    return b"".join(bytes([len(one)]) + one for one in labels) + b"\0"


def _query(name: bytes, more: bytes = b"", additional: int = 0) -> bytes:
    return struct.pack(">6H", 4711, 0x0100, 1, 0, 0, additional) + name + b"\0\x01\0\x01" + more


def _hostlike(data: bytes) -> bool:
    return data.replace(b"-", b"").replace(b"_", b"").isalnum() and data.isascii() and len(data) < 200


def _parts(data: bytes) -> list[bytes]:
    return [data[at : at + 63] for at in range(0, len(data), 63)]


@carries("dns label", lambda data: _hostlike(data) and len(data) < 64, udp=True)
def _(data: bytes, door: Door) -> bytes:
    return _query(_labels(data, b"x", b"example", b"com"))


@carries("dns labels", _hostlike)
def _(data: bytes, door: Door) -> bytes:
    query = _query(_labels(*_parts(data), b"x", b"example", b"com"))
    return struct.pack(">H", len(query)) + query


@carries("dns label of any bytes", lambda data: len(data) < 64, udp=True, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return _query(_labels(data, b"example", b"com"))


def _option(code: int, data: bytes) -> bytes:
    value = struct.pack(">HH", code, len(data)) + data
    return b"\0\0\x29\x04\xd0" + bytes(4) + struct.pack(">H", len(value)) + value


@carries("dns option", lambda data: len(data) < 1000, udp=True)
def _(data: bytes, door: Door) -> bytes:
    return _query(_labels(b"www", b"example", b"com"), _option(65001, data), 1)


@carries("dns update", lambda data: len(data) < 250, whole=False)
def _(data: bytes, door: Door) -> bytes:
    zone = _labels(b"example", b"com") + b"\0\x06\0\x01"
    record = _labels(b"k", b"example", b"com") + b"\0\x10\0\x01\0\0\0\x3c"
    value = bytes([len(data)]) + data
    query = (
        struct.pack(">6H", 4711, 5 << 11, 1, 0, 1, 0) + zone + record + struct.pack(">H", len(value)) + value
    )
    return struct.pack(">H", len(query)) + query


@carries("vnc version", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return data + b"\n"


@carries("vnc bytes behind the response", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return b"RFB 003.008\n\x02" + bytes(16) + data


@carries("vnc security type", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return b"RFB 003.008\n\x13" + data


@carries("openvpn datagram", lambda data: len(data) < 1200, udp=True, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return b"\x38" + bytes(8) + data


@carries("openvpn stream", lambda data: len(data) < 1200, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return struct.pack(">H", len(data) + 9) + b"\x38" + bytes(8) + data


@carries("openvpn request of a browser", anything, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s" % (len(data), data)


@carries("wireguard datagram", lambda data: len(data) < 1200, udp=True, whole=False)
def _(data: bytes, door: Door) -> bytes:
    return b"\x01\0\0\0" + data
