"""The home folder of one installation, and what is in it.

    trapline.toml  home.id  sieve  keys/  journal/  front/  checkpoints/  trapline.db

`Home` hands out settings, keys, database and ledger, each opened when first asked for; ``with Home.open(path)`` closes
what was opened.
"""

from __future__ import annotations

import contextlib
import copy
import getpass
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from canaries.core import clock
from canaries.core import settings as settings_module
from canaries.core.clock import Clock, SystemClock, rfc3339
from canaries.core.errors import HomeError, LockedError, StoreError

if TYPE_CHECKING:
    from canaries.core.model import Shape
    from canaries.core.settings import Settings
    from canaries.core.store import Store
    from canaries.crypto.keys import Keys
    from canaries.ledger.entries import Draft, EntryReader, EntryWriter, Kind
    from canaries.ledger.parts import CaseKeys
    from canaries.ledger.statements import OperatorKey
    from canaries.protocols.ca import Authority


def default_path() -> Path:
    """``TRAPLINE_HOME``, or ``~/.trapline``. Raises HomeError where this user has no home folder."""
    path = Path(os.environ.get("TRAPLINE_HOME") or "~/.trapline")
    try:
        return path.expanduser()
    except RuntimeError:
        raise HomeError(
            f"there is no home folder for {path}", hint="name the installation with --home or TRAPLINE_HOME"
        ) from None


_VAULT_SECONDS = 0.5
"""A long-running program looks so often whether the vault was locked."""


class Home:
    """One installation."""

    def __init__(self, path: Path, clock: Clock | None = None) -> None:
        self.path = path
        self.clock = clock or SystemClock()
        self._acting: tuple[str, Mapping[str, str]] | None = None
        self._reader: EntryReader | None = None
        self._vault_looked_at = 0.0

    def acting(self, name: str, allowed: Mapping[str, str]) -> Home:
        """The same installation as the account ``name`` uses it, who signs nothing here: its entries have that name,
        and say what ``allowed`` them (``{"role": ...}``). Close the original, never this."""
        _ = self.store, self.settings, self.keys  # opened once, for all
        with contextlib.suppress(LockedError):
            _ = self.reader
        other = copy.copy(self)
        other._acting = name, dict(allowed)
        other.__dict__.pop("writer", None)
        other.__dict__["operator_key"] = None
        return other

    @classmethod
    def create(cls, path: Path, toml: str, clock: Clock | None = None) -> Home:
        """A new installation: folder, settings, keys, database. Nothing is left behind where it fails."""
        from canaries.core import files
        from canaries.crypto import sieve
        from canaries.crypto.keys import Keys
        from canaries.installation import kinds_file
        from canaries.installation.fresh_folder import fresh_folder

        home = cls(path, clock)
        with fresh_folder(path, settings_module.FILE, toml.encode()):
            _ = home.settings
            Keys.create(path / "keys")
            for folder in ("journal", "front", "checkpoints"):
                (path / folder).mkdir(mode=0o700)
            home_id = secrets.token_hex(16)
            kinds_file.create(path / "front", frozenset())
            home._create_store(home_id)
            files.create(path / sieve.MARK, b"")
            files.create(path / "home.id", home_id.encode())
        return home

    @classmethod
    def open(cls, path: Path, clock: Clock | None = None) -> Home:
        """An existing installation. Raises HomeError where there is none, or only parts of one."""
        if (path / "home.id").is_file():
            return cls(path, clock)
        parts = [name for name in ("keys", "trapline.db", settings_module.FILE) if (path / name).exists()]
        if parts:
            raise HomeError(
                f"the installation in {path} is not whole: home.id is missing beside {', '.join(parts)}",
                hint="bring that file back, or restore a backup into another folder: trapline restore --help",
            )
        raise HomeError(f"there is no installation in {path}", hint="run: trapline init")

    def close(self) -> None:
        """Give back the database's connections, if it was opened. What is asked for later opens it again."""
        if "store" in self.__dict__:
            self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def now(self) -> str:
        """The present moment, RFC 3339."""
        return rfc3339(self.clock.now())

    @property
    def operator(self) -> str:
        """Who acts: ``TRAPLINE_OPERATOR``, or the system's user name."""
        if self._acting is not None:
            return self._acting[0]
        name = os.environ.get("TRAPLINE_OPERATOR")
        if name:
            return name
        try:
            return getpass.getuser()
        except (OSError, KeyError):  # a container user without a name
            return f"uid-{os.getuid()}"

    @cached_property
    def operator_key(self) -> OperatorKey | None:
        """What signs for the operator: ``TRAPLINE_OPERATOR_KEY``; a passphrase is asked for once. Raises HomeError."""
        from canaries.installation import operator_key

        path = os.environ.get("TRAPLINE_OPERATOR_KEY")
        return operator_key.load(Path(path).expanduser()) if path else None

    def act(self, kind: Kind, body: Mapping[str, Any], at: str = "") -> Draft:
        """What the operator does, as an entry to be put: signed where they have a key. Call it outside a transaction:
        a FIDO key waits for a finger. Raises HomeError where an operator who signs has no key here."""
        from canaries.installation import operator_key
        from canaries.ledger.entries import draft

        written = draft(kind, at or self.now(), self.operator, body, self.allowed)
        return operator_key.signed(written, self.origin, self.store, self.operator, self.operator_key)

    @property
    def allowed(self) -> Mapping[str, str] | None:
        """What allows whoever acts; None: a shell and the keys."""
        return self._acting[1] if self._acting is not None else None

    @property
    def origin(self) -> str:
        """Name of the log."""
        return f"trapline/log/{self.id}"

    @cached_property
    def id(self) -> str:
        """32 hexadecimal digits, drawn once."""
        path = self.path / "home.id"
        try:
            return path.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise HomeError(f"{path} cannot be read: {type(error).__name__}") from error

    @cached_property
    def settings(self) -> Settings:
        return settings_module.load(self.path)

    @cached_property
    def keys(self) -> Keys:
        from canaries.crypto.keys import Keys

        return Keys(self.path / "keys")

    @property
    def journal_folder(self) -> Path:
        """Where the front writes and the back reads."""
        return Path(self.settings.journal.folder or self.path / "journal")

    def _open_store(self) -> Store:
        from canaries.core.store import Store

        url = self.settings.store.url
        return Store(url) if url else Store.sqlite(self.path / "trapline.db")

    def _create_store(self, home_id: str) -> None:
        database = self._open_store()
        try:
            database.create(home_id)
        finally:
            database.close()

    @cached_property
    def store(self) -> Store:
        """The database, checked to be this installation's and of this version."""
        file = self.path / "trapline.db"
        if not self.settings.store.url and not file.exists():  # SQLite would make an empty one
            raise StoreError(
                f"the database {file} is missing",
                hint="bring it back, or restore a backup into another folder",
            )
        database = self._open_store()
        database.check(self.id)
        return database

    @cached_property
    def writer(self) -> EntryWriter:
        """Appends to the ledger."""
        from canaries.ledger.entries import EntryWriter

        return EntryWriter(self.store, self.keys.vault_public, self.allowed, self.cases)

    @cached_property
    def cases(self) -> CaseKeys | None:
        """What tags entries by their case; None where the ``lookup`` key is not."""
        from canaries.ledger.parts import CaseKeys

        return CaseKeys(self.keys.lookup) if self.keys.has("lookup") else None

    @property
    def reader(self) -> EntryReader:
        """Opens what the ledger and the vault's boxes hold. Raises LockedError, also where it was locked meanwhile."""
        from canaries.ledger.entries import EntryReader

        held, now = self._reader, clock.monotonic()
        if held is not None and now - self._vault_looked_at < _VAULT_SECONDS:
            return held
        if held is None or self.keys.vault_locks:
            self._reader = None  # not kept where the next line raises
            key = self.keys.vault
            held = held or EntryReader(key)
        self._reader, self._vault_looked_at = held, now
        return held

    @property
    def sieved(self) -> bool:
        """Whether all its bait was minted with the sieve (`canaries.crypto.sieve`): homes of 0.1 have older bait."""
        from canaries.crypto import sieve

        return (self.path / sieve.MARK).is_file()

    @cached_property
    def shape(self) -> Shape:
        """What differs between installations, from the front's key."""
        from canaries.core.model import Shape
        from canaries.protocols.site_paths import site_path

        number, path = self.derive("shape")[0] % 6, site_path(self.keys.front)
        return Shape((20, 21, 22, 23, 24, 26)[number], path.words, path.form)

    @property
    def ca_pem(self) -> str:
        """The installation's own CA certificate, made when first asked for."""
        from canaries.protocols import ca

        path = self.keys.folder / ca.CERTIFICATE
        if not path.is_file():
            self.authority()
        return path.read_text("ascii")

    def authority(self) -> Authority:
        """The installation's own CA, made when first asked for. Raises HomeError."""
        from canaries.protocols import ca

        return ca.ensure(self.keys.folder, self.derive("authority"), self.clock.now())

    @property
    def ca_key(self) -> str:
        """Its key, PEM; empty where the operator keeps it elsewhere."""
        from canaries.protocols import ca

        path = self.keys.folder / ca.KEY
        return path.read_text("ascii") if path.is_file() else ""

    def derive(self, purpose: str) -> bytes:
        """32 bytes of this installation for ``purpose``, from the front's key."""
        return hmac.new(self.keys.front, purpose.encode(), hashlib.sha256).digest()
