"""Parts of multipart messages."""

from __future__ import annotations

import base64
from collections.abc import Callable

_FORM = (
    b'--b0\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n'
    b'--b0\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n%s\r\n--b0--\r\n'
)
_MAIL = (
    b'Subject: x\r\nContent-Type: multipart/mixed; boundary="=_b1"\r\n\r\n'
    b"--=_b1\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
    b"--=_b1\r\nContent-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n--=_b1--\r\n"
)
WRAPPERS: dict[str, Callable[[bytes], bytes]] = {
    "multipart": lambda data: _FORM % data,
    "attachment": lambda data: _MAIL % base64.encodebytes(data),
}
"""Ways to wrap a token that this decoder undoes; the contract test combines those of all decoders."""
