"""The key files: there, whole, private, and pairs that belong together."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from canaries.core.errors import HomeError
from canaries.protocols import ca
from canaries.vault_lock import agent
from listener.health.checks import Check, View
from listener.health.state import PartState, failing, note, well

_NEEDED = ("lookup", "log", "journal", "journal.pub", "vault.pub", "alerts", "front")
_PAIRS = ("journal", "vault")


class KeysCheck(Check):
    name = "keys"
    order = 10

    def look(self, view: View) -> Iterator[PartState]:
        keys, bad = view.home.keys, False
        if not keys.folder.is_dir():
            yield failing(self.name, f"the folder {keys.folder} is gone", "restore it from your backup")
            return
        for name in _NEEDED:
            try:
                keys.check(name)
            except HomeError as error:
                bad = True
                yield failing(f"key {name}", error.sentence, error.hint or "")
        authority = _authority(keys.folder)
        if authority is not None:
            bad = True
            yield authority
        for path in sorted([keys.folder, *keys.folder.iterdir()]):
            state = path.stat()
            private = path.suffix not in (".pub", ".pem")
            if private and stat.S_IMODE(state.st_mode) & 0o077:
                bad = True
                mode = f"{stat.S_IMODE(state.st_mode):o}"
                right = 700 if path.is_dir() else 600
                yield failing(
                    f"key {path.name}", f"{path} can be read by others (mode {mode})", f"chmod {right} {path}"
                )
            if state.st_uid not in (os.geteuid(), 0) and os.geteuid() != 0:
                bad = True
                yield failing(f"key {path.name}", f"{path} belongs to another user (uid {state.st_uid})")
        if keys.vault_locks:
            ends = agent.until(view.home.path)
            if ends is None:
                yield note(
                    "key vault", "locked: bait is caught, sealed and told; reading it: trapline vault unlock"
                )
            else:
                yield note(
                    "key vault", f"unlocked until {datetime.fromtimestamp(ends, UTC):%Y-%m-%d %H:%M} UTC"
                )
        elif not keys.has("vault"):
            yield note("key vault", "not here: this machine cannot open what was caught, which may be meant")
        for name in _PAIRS:
            try:
                keys.check(name, f"{name}.pub")
            except HomeError:
                continue
            public = X25519PrivateKey.from_private_bytes(getattr(keys, name)).public_key().public_bytes_raw()
            if public != getattr(keys, f"{name}_public"):
                bad = True
                yield failing(
                    f"key {name}",
                    f"keys/{name} and keys/{name}.pub are no pair: what is sealed for one does not open with the other",
                    "restore both from one backup",
                )
        if not bad:
            yield well(self.name, "there, private, in pairs")


def _authority(folder: Path) -> PartState | None:
    """What is wrong with the operator's CA, which is made when it is first needed; bait brings it along."""
    if not (folder / ca.CERTIFICATE).exists():
        return None
    try:
        found = ca.Authority.load(folder)
    except HomeError as error:
        return failing("key ca", error.sentence, error.hint or "")
    if found.key.public_key() == found.certificate.public_key():
        return None
    return failing(
        "key ca",
        f"{folder / ca.KEY} and {folder / ca.CERTIFICATE} are no pair: bait that brings the CA along trusts no trap",
        "restore both from one backup",
    )
