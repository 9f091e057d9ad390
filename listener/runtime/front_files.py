"""The front's folder: all that the process that faces the internet may read, and nothing that knows what is bait.

    front         32 bytes that shape what the traps say        journal.pub   the back's public key: seal, never open
    ca, ca.pem    sign the traps' certificates                  leaf          the TLS key of those certificates
    certs/        the configured certificates with their keys
    sensors/      the keys of the sensors that may report
    kinds         the kinds of live bait: which services are needed
    retired       tags of push endpoints that were retired, and are answered so
    ssh_rsa       the RSA host key of an SSH server, where there is an SSH trap

The supervisor fills it before each start. No bait, no tag of a token, no past hit, no database login is in it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from canaries.core import files
from canaries.core.errors import HomeError, SettingsError
from canaries.installation import kinds_file
from canaries.installation.home import Home
from canaries.protocols import ca
from listener.net.context import SSH_KEY
from listener.sensors import keys

_COPIES = ("front", "journal.pub", ca.KEY, ca.CERTIFICATE)


def front_files(home: Home) -> Path:
    """Bring the folder up to date; returns it. Raises HomeError, SettingsError."""
    folder = home.path / "front"
    home.authority()
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        for name in _COPIES:
            _keep(folder / name, (home.keys.folder / name).read_bytes())
        if not (folder / "leaf").is_file():
            _keep(folder / "leaf", _new_leaf())
        if "ssh" in home.settings.traps and not (folder / SSH_KEY).is_file():
            _keep(folder / SSH_KEY, _new_ssh_key())
        kinds_file.create(folder, None)
        kinds_file.create(folder, frozenset(), kinds_file.RETIRED)
        _certificates(folder / "certs", home.settings.listen.certificates)
        _sensors(folder / keys.FOLDER, keys.read_keys(home.path / keys.FOLDER))
        _hand_over(home.journal_folder, home.settings.listen.user)
    except OSError as error:
        raise HomeError(f"the front's folder {folder} cannot be written: {error.strerror}") from error
    return folder


def _hand_over(journal: Path, user: str) -> None:
    """The journal folder to the user that the front becomes; its own folder it reads before."""
    if not user or os.getuid() != 0:
        return
    try:
        shutil.chown(journal, user)
    except LookupError:
        raise SettingsError(f"listen.user: this machine has no user called {user!r}") from None


def _new_leaf() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _new_ssh_key() -> bytes:
    """Of ssh-keygen(1)'s length. The other host keys follow from the `front` key; this would take seconds to do so."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _certificates(folder: Path, configured: tuple[str, ...]) -> None:
    """The configured certificates as one PEM bundle each; what is no longer configured goes."""
    bundles = [_bundle(text) for text in configured]
    if folder.is_dir():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    for number, bundle in enumerate(bundles):
        files.create(folder / f"{number:03d}.pem", bundle)


def _sensors(folder: Path, found: Mapping[str, bytes]) -> None:
    """The sensors' keys as they are now; that of a sensor that was removed goes."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for path in folder.iterdir():
        if path.name not in found:
            path.unlink()
    for name, key in found.items():
        _keep(folder / name, key)


def _bundle(text: str) -> bytes:
    parts = []
    for name in text.split(":"):
        try:
            parts.append(Path(name).expanduser().read_bytes().rstrip() + b"\n")
        except OSError as error:
            raise SettingsError(f"listen.certificates: {name} cannot be read: {error.strerror}") from error
    return b"".join(parts)


def _keep(path: Path, content: bytes) -> None:
    """Write ``path``; what is already so is left alone."""
    if not (path.is_file() and path.read_bytes() == content):
        files.replace(path, content)
