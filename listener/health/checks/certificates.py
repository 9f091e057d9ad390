"""The certificates that the traps show: readable, begun, and not about to end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from canaries.protocols import ca
from listener.health.checks import Check, View
from listener.health.state import PartState, failing, note, well

_SOON = timedelta(days=10)
_RENEWAL = timedelta(days=21)
"""Certificates of 90 days are usually renewed 30 days before their end: by now that has failed a few times."""
_RENEW = "renew it; the listener takes up the new file by itself"


class CertificatesCheck(Check):
    name = "certificates"
    order = 22

    def look(self, view: View) -> Iterator[PartState]:
        listed = [text.partition(":")[0] for text in view.home.settings.listen.certificates]
        files = [(Path(text).expanduser(), _RENEW) for text in listed]
        own = view.home.keys.folder / ca.CERTIFICATE
        if own.is_file():
            files.append((own, "bait that brings this CA along stops working with it; mint such bait anew"))
        ends = []
        for path, hint in files:
            state, end = _state(path, hint, view.now)
            if state:
                yield state
            else:
                ends.append(f"{path.name} until {end:%Y-%m-%d}")
        if len(ends) == len(files):
            yield well(self.name, ", ".join(ends) or "none of your own; the traps make theirs")


def _state(path: Path, hint: str, now: datetime) -> tuple[PartState | None, datetime]:
    """What is wrong with the first certificate of a file, and when it ends."""
    part = f"certificate {path.name}"
    try:
        one = x509.load_pem_x509_certificate(path.read_bytes())
    except OSError as error:
        return failing(part, f"{path} cannot be read: {error.strerror}", "mend listen.certificates"), now
    except ValueError:
        return failing(part, f"{path} does not begin with a certificate in PEM", "mend the file"), now
    end = one.not_valid_after_utc
    if end <= now:
        return failing(part, f"{path} ended on {end:%Y-%m-%d}: strict clients turn away unseen", hint), end
    if one.not_valid_before_utc > now:
        return failing(part, f"{path} begins only on {one.not_valid_before_utc:%Y-%m-%d}", hint), end
    left = f"{path} ends on {end:%Y-%m-%d}, in {(end - now).days} days"
    if end - now < _SOON:
        return failing(part, left, hint), end
    return (note(part, left, hint) if end - now < _RENEWAL else None), end
