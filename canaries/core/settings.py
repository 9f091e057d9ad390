"""Settings: ``trapline.toml`` in the home folder, every value also by ``TRAPLINE_SECTION_NAME``.

Unknown names and bad values are refused by name. Plug-ins own their sections: ``[traps.http]`` is bound to the
``Settings`` dataclass of the HTTP trap, ``[channels.ops]`` to that of the channel whose ``type`` it names, with `bind`.
"""

from __future__ import annotations

import dataclasses
import os
import re
import tomllib
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from canaries.core.binding import bind as bind  # where most look for it
from canaries.core.binding import known
from canaries.core.errors import SettingsError
from canaries.core.settings_bait import BaitSettings as BaitSettings
from canaries.core.settings_console import ConsoleSettings as ConsoleSettings
from canaries.core.settings_listen import ListenSettings as ListenSettings
from canaries.core.settings_openid import OpenidSettings as OpenidSettings
from canaries.core.web_address import root_url

FILE = "trapline.toml"
_DAY, _YEAR = 86_400, 366 * 24 * 60
"""In seconds; in minutes."""
_PREFIX = "TRAPLINE_"
_NOT_SETTINGS = {
    *("TRAPLINE_HOME", "TRAPLINE_OPERATOR", "TRAPLINE_OPERATOR_KEY"),
    *("TRAPLINE_SERVER", "TRAPLINE_TOKEN", "TRAPLINE_TOKEN_FILE"),
}
_TREES = ("traps", "channels", "stamps", "logs", "mailboxes", "outside", "duty")
"""Sections of sections: ``[traps.NAME]``."""


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs this installation; printed on the cover of a dossier."""

    organisation: str = ""
    """Its name."""
    contact: str = ""
    """Whom to ask about a dossier: a name, an address."""
    timezone: str = ""
    """An IANA name (``Europe/Paris``) in which alerts and lists say times beside UTC; empty: UTC alone."""

    def __post_init__(self) -> None:
        if self.timezone:
            from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

            try:
                ZoneInfo(self.timezone)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                raise ValueError(
                    f"timezone {self.timezone!r} is not known here: write an IANA name such as Europe/Paris"
                ) from None


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """The database."""

    url: str = ""
    """An SQLAlchemy URL (``postgresql://user@host/name``); empty: SQLite in the home folder."""


@dataclass(frozen=True, slots=True)
class JournalSettings:
    """The append-only file between front and back."""

    folder: str = ""
    """Where it is; empty: ``journal`` in the home folder."""
    segment_mb: int = 64
    """A segment is closed and a new one begun at this size."""
    limit_mb: int = 4096
    """At this size of undrained journal the front refuses new requests instead of filling the disk."""

    def __post_init__(self) -> None:
        if not 1 <= self.segment_mb <= self.limit_mb:
            raise ValueError("segment_mb must be at least 1, and limit_mb no less than that")


@dataclass(frozen=True, slots=True)
class UnrecognisedSettings:
    """What traps saw and held no known token: kept sealed for a while, to be looked at again."""

    keep: bool = True
    """``false``: nothing is kept, and what was kept is removed within the hour."""
    days: int = 7
    """What is older is removed."""
    limit_mb: int = 1024
    """Altogether; the oldest goes first."""

    def __post_init__(self) -> None:
        if not 1 <= self.days <= 365 or self.limit_mb < 1:
            raise ValueError("days must be 1 to 365, and limit_mb at least 1")


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """How long raw bytes of hits are kept, and what look-ups say. Proofs stay; noise has ``[unrecognised] days``."""

    raw_days: int = 0
    """Days from an incident's last hit; 0: for ever."""
    kinds: tuple[str, ...] = ()
    """Other terms for kinds of canaries: ``["url=30", "mail-pixel=7"]``."""
    lookups_days: int = 0
    """Days that what look-ups of watched records say is kept; 0: for ever. Their times, numbers and seals stay."""

    def __post_init__(self) -> None:
        days_of = (("raw_days", str(self.raw_days)), ("lookups_days", str(self.lookups_days)))
        terms = [*days_of, *(item.partition("=")[::2] for item in self.kinds)]
        for name, days in terms:
            if not name or not re.fullmatch(r"[0-9]{1,5}", days) or int(days) > 36_600:
                raise ValueError(
                    f"{name}={days} is not a number of days: write kinds as url=30; 0 is for ever"
                )

    def days(self, kind: str) -> int:
        """For canaries of ``kind``; 0: for ever."""
        terms = dict(item.partition("=")[::2] for item in self.kinds)
        return int(terms.get(kind, self.raw_days))


@dataclass(frozen=True, slots=True)
class BackupSettings:
    """``trapline backup``."""

    recipients: tuple[str, ...] = ()
    """Who may open a backup: age recipients (``age1...``) or SSH public keys."""
    max_age_days: float = 0.0
    """``trapline status`` fails where the last backup is older; 0: it only says how old it is."""

    def __post_init__(self) -> None:
        if not 0 <= self.max_age_days <= 3660:
            raise ValueError("max_age_days must be 0 or more, and ten years at most")


@dataclass(frozen=True, slots=True)
class SealSettings:
    """The sealer."""

    seconds: float = 1.0
    """How often new entries are ordered."""
    checkpoint_seconds: float = 60.0
    """How often a checkpoint is signed while there is something new: the maximal back-dating window."""

    def __post_init__(self) -> None:
        if not (0 < self.seconds <= _DAY and 0 < self.checkpoint_seconds <= _DAY):
            raise ValueError("seconds and checkpoint_seconds must be more than 0, and a day at most")


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """What is said, and when; the ways it goes out are ``[channels.NAME]``."""

    digest_minutes: tuple[int, ...] = (15, 60, 360, 1440)
    """How an incident grew is told at these growing distances, after a first time a minute from its first sign."""
    new_sources_an_hour: int = 20
    """Of 0.1, which told of each source by itself; without effect since alerts are about incidents."""
    console_url: str = ""
    """Root of the console as operators reach it (``https://trapline.example.net``): alerts then link the incident."""
    heartbeat_hours: float = 24.0
    """How often "all is well, number N" goes out; 0: never."""
    memo: bool = True
    """Whether alerts show the canary's memo."""

    def __post_init__(self) -> None:
        if not all(1 <= minutes <= _YEAR for minutes in self.digest_minutes):
            raise ValueError("digest_minutes must each be at least 1, and a year at most")
        if not 0 <= self.heartbeat_hours * 60 <= _YEAR:
            raise ValueError("heartbeat_hours must be 0 or more, and a year at most")
        if self.console_url:
            root_url(self.console_url, "console_url")


@dataclass(frozen=True, slots=True)
class HealthSettings:
    """What counts as well, for ``trapline status`` and the heartbeat."""

    disk_free_mb: int = 512
    """Less room than this on the disk of home or journal is a failure."""
    bind: str = ""
    """Where ``/healthz`` and ``/metrics`` (Prometheus) are served: ``127.0.0.1:9464``; loopback only; empty: off."""

    def __post_init__(self) -> None:
        if self.disk_free_mb < 0:
            raise ValueError("disk_free_mb must be 0 or more")


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What the listener's processes say of themselves, on standard error."""

    format: Literal["text", "json"] = "text"
    """``json``: one object a line, with ``at``, ``level``, ``source`` and ``message``."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set."""

    operator: Operator = field(default_factory=Operator)
    bait: BaitSettings = field(default_factory=BaitSettings)
    store: StoreSettings = field(default_factory=StoreSettings)
    journal: JournalSettings = field(default_factory=JournalSettings)
    unrecognised: UnrecognisedSettings = field(default_factory=UnrecognisedSettings)
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    backup: BackupSettings = field(default_factory=BackupSettings)
    seal: SealSettings = field(default_factory=SealSettings)
    alerts: AlertSettings = field(default_factory=AlertSettings)
    console: ConsoleSettings = field(default_factory=ConsoleSettings)
    openid: OpenidSettings = field(default_factory=OpenidSettings)
    health: HealthSettings = field(default_factory=HealthSettings)
    log: LogSettings = field(default_factory=LogSettings)
    listen: ListenSettings = field(default_factory=ListenSettings)
    traps: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Raw ``[traps.NAME]`` sections, bound by the trap that owns them. Likewise those below: by the channel, by
    `listener.notify.stamp_authorities`, by `listener.following.log_settings`, by `listener.mailboxes.mailbox_settings`,
    by the services of `listener.outside`, by `listener.notify.duty`."""
    channels: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    stamps: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    logs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    mailboxes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    outside: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    duty: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def load(home: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of ``home``. Raises SettingsError."""
    path = home / FILE
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8")) if os.path.lexists(path) else {}
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: it is not UTF-8 at byte {error.start}") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}") from error
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from error
    return parse(raw, os.environ if environ is None else environ)


def parse(raw: Mapping[str, Any], environ: Mapping[str, str]) -> Settings:
    """Settings from a parsed TOML document and the environment, which wins. Raises SettingsError."""
    sections = {item.name: item for item in dataclasses.fields(Settings)}
    tree: dict[str, dict[str, Any]] = {}
    for name, value in raw.items():
        known(name, sections, "section")
        if not isinstance(value, Mapping):
            raise SettingsError(f"{name!r} must be a section: write [{name}]")
        tree[name] = {key: dict(item) if isinstance(item, Mapping) else item for key, item in value.items()}
    for variable, value in environ.items():
        if variable.startswith(_PREFIX) and variable not in _NOT_SETTINGS:
            _put(tree, variable, value, sections)
    for name in _TREES:
        for key, item in tree.get(name, {}).items():
            if not isinstance(item, dict):
                raise SettingsError(f"{name}.{key} must be a section: write [{name}.{key}]")
    hints = typing.get_type_hints(Settings)
    bound: dict[str, Any] = {
        name: values if name in _TREES else bind(hints[name], values, name) for name, values in tree.items()
    }
    return Settings(**bound)


def _put(tree: dict[str, dict[str, Any]], variable: str, value: str, sections: Mapping[str, object]) -> None:
    parts = variable.removeprefix(_PREFIX).lower().split("_")
    known(parts[0], sections, "section", where=f" (from {variable})")
    section = tree.setdefault(parts[0], {})
    if parts[0] in _TREES:
        if len(parts) < 3:
            raise SettingsError(
                f"{variable} needs a name and a setting: {_PREFIX}{parts[0].upper()}_NAME_SETTING"
            )
        inner = section.setdefault(parts[1], {})
        inner["_".join(parts[2:])] = value
    else:
        section["_".join(parts[1:])] = value
