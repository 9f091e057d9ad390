"""Every error Trapline raises on purpose, in one tree.

    TraplineError                 status 2: wrong use or wrong input
    |-- SettingsError             trapline.toml or a TRAPLINE_ variable
    |-- HomeError                 the home folder, its keys, its database
    |   `-- LockedError           the vault key is under a passphrase or shares, and the vault is not unlocked
    |-- MintError                 a kind cannot make what was asked
    |-- PlantError                a bait cannot be put there
    |-- ScanError                 a scan index is none, or was changed
    |-- NotFoundError             no canary, incident or plug-in of that name
    |-- AccessError           whoever asks is not signed in, or their role does not allow it
    |-- MissingExtraError         a package that only some installations use is not there
    |-- StoreError                a database error, or it is of another version
    |   `-- StoreAwayError        it cannot be reached, or is full, just now: trying again may help
    `-- CheckError                status 1: a check was made, and failed
        |-- LedgerError           the sealed log contradicts itself or its outside copy
        `-- DossierError          a dossier does not verify

Each error is one clear sentence plus, where there is one, a hint what to do next.
One place (``listener.cli.main``) turns it into text on stderr and an exit status.
"""

from __future__ import annotations


class TraplineError(Exception):
    """An error that the user can fix. ``status`` is the exit status of the command."""

    status = 2

    def __init__(self, sentence: str, *, hint: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        """What is wrong, one sentence, no secrets in it."""
        self.hint = hint
        """What to do next, or None."""


class SettingsError(TraplineError):
    """A setting has an unknown name or a bad value."""


class HomeError(TraplineError):
    """The home folder is missing, unreadable or of another kind."""


class LockedError(HomeError):
    """The vault is locked: what is sealed for it cannot be read."""


class MintError(TraplineError):
    """A kind cannot make a bait from these options."""


class PlantError(TraplineError):
    """A bait cannot be planted at this target without damage."""


class ScanError(TraplineError):
    """What a scan needs cannot be read or written."""


class NotFoundError(TraplineError):
    """What was named does not exist."""


class AccessError(TraplineError):
    """Whoever asks is not known, or may not do this. ``known`` tells which; ``wait``: seconds before another try."""

    def __init__(self, sentence: str, *, hint: str | None = None, known: bool = True, wait: int = 0) -> None:
        super().__init__(sentence, hint=hint)
        self.known = known
        self.wait = wait


class MissingExtraError(TraplineError):
    """An optional package is needed and not installed."""


class StoreError(TraplineError):
    """The database cannot be used as it is."""


class StoreAwayError(StoreError):
    """The database cannot be reached, or cannot write, just now."""


class CheckError(TraplineError):
    """A check ran to its end and found something wrong."""

    status = 1


class LedgerError(CheckError):
    """The ledger contradicts itself, its checkpoints or its outside copy."""


class DossierError(CheckError):
    """A dossier does not verify."""
