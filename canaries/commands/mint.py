"""Mint canaries: fake keys, phony people, tracking URLs, documents."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from canaries.client.options import by_server
from canaries.commands._warnings import of_kind, warn
from canaries.core.errors import MintError
from canaries.core.text import visible
from canaries.installation.session import Session, emit, json_option, pass_session, say, tell

if TYPE_CHECKING:
    from canaries.client.api_client import ApiClient
    from canaries.installation.reachability import Obstacle
    from canaries.mint.minting import Minted

SECTION = "Bait"

_PROGRESS_FROM = 5000
_LARGEST_OWN = 64 << 20


def _by_server(
    api: ApiClient,
    kind: str,
    memo: str,
    recipient: str,
    count: int,
    settings: tuple[str, ...],
    expires: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """The same by the API; the bait's files come with a single one."""
    order: dict[str, Any] = {"kind": kind, "memo": memo, "recipient": recipient, "expires": expires}
    order["options"] = dict(_pair(item) for item in settings)
    if out is not None:
        _usable(out)
        if count != 1:
            raise click.UsageError("with --server, --out is for one canary at a time.")
    minted = iter([api.mint(**order)]) if count == 1 else api.mint_many([{**order, "count": count}])
    for one in minted:
        if out is not None and any(file.content is None for file in one.files):
            raise MintError(f"the server minted {one.id} and cannot send its files again")
        files = [(file.path, file.content or b"", 0o600) for file in one.files]
        files = files or [(f"{one.kind}.txt", one.text.encode(), 0o600)]
        paths = _put(one.id, files, out) if out is not None else []
        if as_json:
            named = [{"path": file.path, "sha256": file.sha256} for file in one.files]
            emit({**{name: one.said[name] for name in one.said if name != "order"}, "files": named})
        elif not paths:
            tell(one.text.rstrip("\n"))
        for path in paths:
            (say if as_json else tell)(visible(str(path)))
    if not as_json:
        say(f"Canary {one.id}." if count == 1 else f"{count} canaries.")


@click.command()
@click.argument("kind")
@click.option("--memo", default="", help="Where it goes and why; alerts show it.")
@click.option("--recipient", default="", help="Whose copy it is, when each recipient gets their own.")
@click.option(
    "--recipients",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file with a recipient a line (CSV: the first column): one copy for each.",
)
@click.option("--count", default=1, type=click.IntRange(1, 10_000_000), help="How many.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE",
    help="An option of the kind; see: trapline kinds KIND.",
)
@click.option("--expires", default="", metavar="WHEN", help="A date (2027-01-31) or a number of days (90d).")
@click.option(
    "--from",
    "own",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A document, image or config of your own to make into bait.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Write the bait's files into this folder.")
@json_option
@by_server(_by_server)
@pass_session
def command(
    session: Session,
    kind: str,
    memo: str,
    recipient: str,
    recipients: Path | None,
    count: int,
    settings: tuple[str, ...],
    expires: str,
    own: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Mint canaries of KIND and print their bait.

    Each is recorded and indexed before it is printed: what you see can be caught.
    """
    from canaries.mint.minting import mint
    from canaries.mint.recipients import read_recipients

    options = dict(_pair(item) for item in settings)
    home = session.home()
    found = of_kind(home.settings, kind)
    _refuse_dead(found)
    expires_at = _expiry(expires, home.clock.now())
    if out is not None:
        _usable(out)
    if recipients is not None and (recipient or count != 1):
        raise click.UsageError("--recipients says for whom and how many: leave --recipient and --count out")
    names = read_recipients(recipients) if recipients is not None else [recipient]
    source, count = _own(own), count if recipients is None else len(names)
    minted = chain.from_iterable(
        mint(
            home,
            kind,
            memo=memo,
            recipient=name,
            options=options,
            count=count if recipients is None else 1,
            expires_at=expires_at,
            source=source,
        )
        for name in names
    )
    with _progress(count) as advance, _interrupted(kind) if count > 1 else nullcontext():
        for one in minted:
            files = _written(one, out, alone=count == 1) if out is not None else ()
            if as_json:
                emit(as_dict(one))
            elif not files:
                tell(one.bait.text.rstrip("\n"))
            for path in files:
                (say if as_json else tell)(
                    visible(str(path))
                )  # with --json stdout is one object a line, nothing else
            advance(1)
    warn(found, briefly=True)
    if not as_json:
        _next_step(one, count)


def _refuse_dead(found: list[Obstacle]) -> None:
    """Bait for an address that no client can call would stay dead for ever. Raises MintError."""
    for one in found:
        if one.lasting:
            raise MintError(one.says, hint=one.hint)


def as_dict(minted: Minted) -> dict[str, Any]:
    """What ``--json`` prints of one canary, with the canaries that its bait carries."""
    canary = minted.canary
    value: dict[str, Any] = {
        "id": canary.id,
        "kind": canary.kind,
        "memo": canary.memo,
        "recipient": canary.recipient,
        "created_at": canary.created_at,
        "expires_at": canary.expires_at,
        "tokens": [{"facet": token.facet, "value": token.value} for token in canary.tokens],
        "files": [{"path": path, "sha256": digest} for path, digest in canary.files],
        "text": canary.text,
    }
    if canary.row:
        value["row"] = canary.row
    if minted.parts:
        value["parts"] = [as_dict(part) for part in minted.parts]
    return value


def _pair(item: str) -> tuple[str, str]:
    name, separator, value = item.partition("=")
    if not separator or not name:
        raise MintError(f"--set {item!r} is not NAME=VALUE", hint="for example: --set mode=redirect")
    return name, value


def _expiry(text: str, now: datetime) -> str:
    from canaries.core.clock import rfc3339

    if not text:
        return ""
    days = re.fullmatch(r"(\d{1,5})d?", text)
    try:
        moment = now + timedelta(days=int(days[1])) if days else datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        hint = "write 2027-01-31, or 90d for ninety days"
        raise MintError(f"--expires {text!r} is not a date", hint=hint) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if moment <= now:
        raise MintError(f"--expires {text!r} is in the past")
    return rfc3339(moment)


def _own(path: Path | None) -> bytes:
    """The operator's file. Raises MintError where it is too large to be a document or cannot be read."""
    if path is None:
        return b""
    try:
        if path.stat().st_size > _LARGEST_OWN:
            raise MintError(f"{path} is larger than {_LARGEST_OWN >> 20} MB")
        return path.read_bytes()
    except OSError as error:
        raise MintError(f"{path} cannot be read: {error.strerror}") from error


def _usable(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise MintError(f"{out} is not a folder", hint="give a folder with --out")
    if out.is_dir() and not os.access(out, os.W_OK):
        raise MintError(f"{out} cannot be written to")


def _written(minted: Minted, out: Path, *, alone: bool) -> list[Path]:
    """The bait's files below ``out`` (below ``out/ID`` for bulk), none of them overwriting anything."""
    canary, bait = minted.canary, minted.bait
    folder = out if alone else out / canary.id
    files = [(file.path, file.content, file.mode) for file in bait.files]
    files = files or [(f"{canary.kind}.txt", bait.text.encode(), 0o600)]
    return _put(canary.id, files, folder)


def _put(canary_id: str, files: list[tuple[str, bytes, int]], folder: Path) -> list[Path]:
    """Each file, or none where one is there already. Raises MintError."""
    paths = [folder / path for path, _, _ in files]
    if any(not path.resolve().is_relative_to(folder.resolve()) for path in paths):
        raise MintError("a file of this bait would be written outside the folder")
    for path in paths:
        if path.exists():
            raise MintError(
                f"{path} exists and is not overwritten",
                hint=f"canary {canary_id} is minted; see it with: trapline show {canary_id} --reveal --reason ...",
            )
    for path, (_, content, mode) in zip(paths, files, strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    return paths


@contextmanager
def _interrupted(kind: str) -> Iterator[None]:
    """Ctrl-C among many: more are recorded than were printed."""
    try:
        yield
    except KeyboardInterrupt:
        say(f"what was minted until now stays minted; see: trapline list --kind {kind} --since 1h")
        raise


@contextmanager
def _progress(count: int) -> Iterator[Any]:
    """A bar on stderr for bulk; nothing for a few."""
    if count < _PROGRESS_FROM:
        yield lambda steps: None
        return
    import sys

    bar = click.progressbar(
        length=count, file=sys.stderr, update_min_steps=max(1, count // 200), label="minting"
    )
    with bar if sys.stderr.isatty() else nullcontext(_Milestones(count)) as shown:
        yield shown.update


class _Milestones:
    """Progress for logs: a line every tenth."""

    def __init__(self, count: int) -> None:
        self._count, self._done = count, 0

    def update(self, steps: int) -> None:
        before = self._done * 10 // self._count
        self._done += steps
        if self._done * 10 // self._count > before:
            say(f"minted {self._done} of {self._count}")


def _next_step(minted: Minted, count: int) -> None:
    if count == 1:
        say(f"Canary {minted.canary.id}. Plant it: trapline plant {minted.canary.id} TARGET")
    else:
        ids = f"trapline list --kind {minted.canary.kind}"
        say(f"{count} canaries. Their ids: {ids}; then: trapline plant ID TARGET")
