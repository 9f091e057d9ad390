"""Files that are encrypted, signed or armoured as a whole: one letter more, and nobody can read or verify them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from canaries.core.errors import PlantError
from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._text import OWN_FILE, Document

_START = re.compile(
    r"\s*(?:\$ANSIBLE_VAULT;|age-encryption\.org/|-----BEGIN [A-Z0-9 ]+-----|untrusted comment: |=yenc)", re.I
)
_SOPS = re.compile(
    r"""\bENC\[AES256_GCM,data:|^[ \t"]*sops(?:_mac|_version)?["']?[ \t]*[:=]|^\[sops\]""", re.MULTILINE
)
_SEALED = re.compile(r"^[ \t]*[\"']?kind[\"']?:[ \t]*[\"']?(?:SealedSecret|SopsSecret)\b", re.MULTILINE)
_NAMES = re.compile(
    r".+\.(?:enc|gpg|pgp|asc|sig|age|minisig|p7s|p7m|sops|eyaml|pem|crt|cer|csr|ppk)|id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?"
)


class SealedFormat(FileFormat):
    name = "sealed"
    title = "a file that is encrypted or signed"
    rank = 5

    def claims(self, document: Document) -> bool:
        text = document.text
        whole = _START.match(text) is not None or bool(_NAMES.fullmatch(document.name.lower()))
        return whole or any(one.search(text) is not None for one in (_SOPS, _SEALED))

    def read(self, text: str) -> Reading:
        return {}

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        raise PlantError(
            f"nothing is planted into {document.name}: it is encrypted, signed or a key, and would be so no more",
            hint=OWN_FILE,
        )
