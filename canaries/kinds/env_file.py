"""The .env of a small web service, carrying several canaries."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from canaries.core import plugins
from canaries.core.errors import MintError
from canaries.core.model import Bait, BaitFile
from canaries.core.render import render
from canaries.crypto.seeded_random import BASE62, HEX, SeededRandom
from canaries.kinds import FOLDER, Kind, Order

T = TypeVar("T")

_ENV_LINES = re.compile(r"(?:[A-Z][A-Z0-9_]*=\S*\n)+\Z")

_TRACKERS = ("HEALTHCHECK_URL", "STATUS_WEBHOOK_URL", "DEPLOY_HOOK_URL", "CRON_PING_URL", "BACKUP_PING_URL")
_TRACKED = ("ping", "hook", "notify", "push", "beat", "report", "done")

_PLAIN: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "App": (
        ("APP_ENV", ("production", "prod", "live")),
        ("DEBUG", ("false", "0", "False")),
        ("PORT", ("3000", "5000", "8000", "8080", "9000")),
        ("WORKERS", ("2", "3", "4", "8")),
        ("TZ", ("UTC", "America/New_York", "America/Chicago", "Europe/Berlin", "Europe/London")),
        ("ALLOWED_HOSTS", ("*", "localhost,127.0.0.1")),
    ),
    "Logging": (
        ("LOG_LEVEL", ("info", "warning", "INFO", "WARN")),
        ("LOG_FORMAT", ("json", "plain", "logfmt")),
        ("LOG_FILE", ("/var/log/app.log", "-", "logs/production.log")),
    ),
    "Cache": (
        ("REDIS_URL", ("redis://localhost:6379/0", "redis://127.0.0.1:6379/1", "redis://redis:6379/0")),
        ("CACHE_TTL", ("60", "300", "600", "900", "3600")),
    ),
    "Session": (
        ("SESSION_LIFETIME", ("120", "720", "1440", "86400", "604800")),
        ("SESSION_COOKIE_SECURE", ("true", "1", "True")),
        ("CSRF_ENABLED", ("true", "1")),
    ),
    "Limits": (
        ("RATE_LIMIT", ("60/m", "100/m", "1000/h", "30/m")),
        ("MAX_UPLOAD_MB", ("5", "10", "16", "25", "50")),
        ("REQUEST_TIMEOUT", ("10", "15", "30", "60")),
    ),
}
"""Settings that are no bait: heading, then name and usual values."""

_KEY_NAMES = ("SECRET_KEY", "APP_SECRET", "SESSION_SECRET", "COOKIE_SECRET")

_FORMS = ("# {}", "# {}", "## {}", "# --- {} ---", "# == {} ==", "#{}", "# [{}]")
_REMARKS = (
    "",
    "",
    "",
    " (prod)",
    " - live",
    ", do not commit",
    " (rotated {})",
    " - since {}",
    " (changed {})",
)


@dataclass(frozen=True, slots=True)
class EnvFileOptions:
    """What ``--set`` may set."""

    parts: tuple[str, ...] = ("sms-gateway", "stripe-key", "openai-key", "postgres-url")
    """The kinds it carries, each as a canary of its own; any whose text is NAME=VALUE lines."""


class EnvFile(Kind):
    name: ClassVar[str] = "env-file"
    service: ClassVar[str] = "app"
    traps: ClassVar[tuple[str, ...]] = ("http", "postgres")
    title: ClassVar[str] = "The .env of a small web service, with several canaries in it"
    fired_by: ClassVar[str] = (
        "Whatever fires the canaries it carries (see theirs); its own token is a tracking URL, fired by whoever opens "
        "or calls it. Nothing fires by reading the file."
    )
    plant_hint: ClassVar[str] = (
        "Beside the code of a service: its folder on a server, a backup, a private repository."
    )
    try_hint: ClassVar[str] = "curl -i '{url}'"
    Options: ClassVar[type[Any]] = EnvFileOptions

    def mint(self, order: Order, options: EnvFileOptions) -> Bait:
        if len(set(options.parts)) != len(options.parts):
            raise MintError("a kind may stand in an .env only once")
        stream, site = order.stream, order.site()
        parts = tuple((name, _part(order, name)) for name in options.parts)
        url = f"{site.url}/{stream.pick('tracked', _TRACKED)}"
        carried = [part.text.splitlines() for _, part in parts]
        carried.append([f"{stream.pick('tracker', _TRACKERS)}={url}"])
        text = render("kinds/env-file.j2", sections=_sections(stream, carried, order.created_at))
        return Bait(
            site.tokens,
            text,
            files=(BaitFile(".env", text.encode()),),
            row={"url": url, "host": site.host},
            parts=parts,
        )


def _part(order: Order, name: str) -> Bait:
    # by name, not by import: brothers do not know each other
    kind = plugins.pick(FOLDER, Kind, name, "kind")()  # type: ignore[type-abstract]
    bait = kind.mint(order.part(name), kind.Options())
    if not _ENV_LINES.match(bait.text):
        raise MintError(f"kind {name} has no NAME=VALUE lines for an .env")
    return bait


def _sections(stream: SeededRandom, carried: list[list[str]], created_at: str) -> list[tuple[str, list[str]]]:
    """(comment or nothing, lines) in the order of the file."""
    form = stream.pick("form", _FORMS)
    plain = _shuffled(stream, "plain", list(_PLAIN))[: stream.between("plain count", 3, len(_PLAIN))]
    sections = [(heading, _plain_lines(stream, heading)) for heading in plain]
    sections += [(lines[0].split("_")[0].title(), lines) for lines in carried]
    sections.append(("Secret", [f"{stream.pick('key name', _KEY_NAMES)}={_key(stream)}"]))
    shuffled = _shuffled(stream, "sections", sections)
    return [(_comment(stream, form, heading, created_at), lines) for heading, lines in shuffled]


def _plain_lines(stream: SeededRandom, heading: str) -> list[str]:
    settings = _shuffled(stream, heading, list(_PLAIN[heading]))
    kept = settings[: stream.between(f"{heading}:count", 1, len(settings))]
    return [f"{name}={stream.pick(name, values)}" for name, values in kept]


def _comment(stream: SeededRandom, form: str, heading: str, created_at: str) -> str:
    if stream.below(f"{heading}:silent", 4) == 0:
        return ""
    year, month = int(created_at[:4]), stream.between(f"{heading}:month", 1, 12)
    remark = stream.pick(f"{heading}:remark", _REMARKS).format(f"{year - 1}-{month:02d}")
    return form.format(f"{heading}{remark}")


def _key(stream: SeededRandom) -> str:
    """A session key: no trap recognises it, so it is no token."""
    return stream.text("key", HEX, 64) if stream.below("key form", 2) else stream.text("key", BASE62, 50)


def _shuffled(stream: SeededRandom, label: str, items: Sequence[T]) -> list[T]:
    order = sorted(range(len(items)), key=lambda index: stream.draw_bytes(f"{label}:order:{index}", 8))
    return [items[index] for index in order]
