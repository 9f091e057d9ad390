"""The signature covers all of the PDF, is stamped by whoever tells the right time, and breaks with any change."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

from listener.dossier.build import build
from listener.dossier.reading_copy import reading_copy, signature
from listener.dossier.signing import Signer
from tests.programs import needs
from tests.time_authority import TimeAuthority, serving, with_authorities


@needs("openssl")
def test_signed_and_stamped(story: Any, tmp_path: Path) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    build(story.home, incident=story.incident, out=tmp_path / "case.zip")
    plain, signed, lines = tmp_path / "plain.pdf", tmp_path / "signed.pdf", list[str]()
    reading_copy.make(tmp_path / "case.zip", plain)
    with serving(TimeAuthority(tmp_path / "down")) as down, serving(TimeAuthority(tmp_path / "up")) as up:
        down.down = True
        home = with_authorities(story.home, down.toml("down"), up.toml("up"))
        reading_copy.make(tmp_path / "case.zip", signed, sign_with=home, warn=lines.append)
        assert [line.startswith("no time stamp by down") for line in lines] == [True]
        up.lie = dt.timedelta(hours=1)  # a wrong time is no stamp, and the copy is signed without one
        unstamped = signature.sign(home, plain.read_bytes(), lines.append)
    assert len(lines) == 3
    content = signed.read_bytes()
    for given, stamped in ((content, True), (unstamped, False)):
        found = PdfFileReader(io.BytesIO(given)).embedded_signatures
        assert len(found) == 1
        trust = ValidationContext(trust_roots=[found[0].signer_cert], allow_fetching=False)
        told = validate_pdf_signature(found[0], trust, ts_validation_context=trust)
        assert (told.intact, told.valid, told.coverage) == (True, True, SignatureCoverageLevel.ENTIRE_FILE)
        assert told.signing_cert.sha256.hex() == Signer(story.home).fingerprint
        assert (told.timestamp_validity is not None) is stamped
        if told.timestamp_validity is not None:
            assert (told.timestamp_validity.intact, told.timestamp_validity.valid) == (True, True)
    for place in range(100, len(plain.read_bytes()), len(content) // 12):
        broken = bytearray(content)
        broken[place] ^= 1
        assert not holds(bytes(broken)), place
    assert not holds(content + b"\n% more")


def holds(content: bytes) -> bool:
    """Whether a PDF's signature is good for all of it."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    try:
        found = PdfFileReader(io.BytesIO(content)).embedded_signatures[0]
        trust = ValidationContext(trust_roots=[found.signer_cert], allow_fetching=False)
        told = validate_pdf_signature(found, trust)
    except Exception:  # noqa: BLE001  a file that cannot be read is refused as well
        return False
    return bool(told.intact and told.valid and told.coverage == SignatureCoverageLevel.ENTIRE_FILE)
