"""Make a home: settings, keys, database."""

from __future__ import annotations

import re

import click

from canaries.core.errors import SettingsError
from canaries.installation.session import Session, pass_session, say

_NAME = re.compile(r"(?=.{1,253}\Z)(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+\Z")


@click.command()
@click.option("--domain", help="Your catch domain: every name under it leads to the listener.")
@click.option(
    "--listen", "address", metavar="HOST:PORT", help="Where the HTTP trap listens (default 127.0.0.1:8080)."
)
@click.option("--organisation", default="", help="Who runs this installation; printed on dossiers.")
@pass_session
def command(session: Session, domain: str | None, address: str | None, organisation: str) -> None:
    """Make a home: settings, keys, database.

    Without --domain, bait points to this machine's own address: right for a first try, and for traps inside a network.
    """
    from canaries.core.render import render
    from canaries.installation.home import Home

    if domain is not None:
        domain = domain.lower().rstrip(".")
        if not _NAME.match(domain):
            raise SettingsError(
                f"{domain!r} is not a domain name", hint="for example: --domain files.yourdomain.net"
            )
    binds, base_url = _addresses(domain, address)
    toml = render(
        "trapline.toml.j2",
        domain=domain or "",
        base_url=base_url,
        bind=binds,
        home=str(session.path.resolve()),
        organisation=organisation.replace("\\", "\\\\").replace('"', '\\"'),
    )
    with Home.create(session.path, toml) as home:
        _ = home.store  # as the next command will find it
    say(f"A new installation in {session.path}: trapline.toml, keys, database.")
    say("Keep a copy of its keys folder somewhere safe: without keys/vault nobody can read what was caught.")
    say("Next: trapline mint url --memo 'my first bait'")


def _addresses(domain: str | None, address: str | None) -> tuple[list[str], str]:
    """Where the HTTP trap binds, and the root of bait URLs."""
    if address is None:
        if domain:
            return ["0.0.0.0:80", "0.0.0.0:443"], f"https://{{label}}.{domain}"
        return ["127.0.0.1:8080"], "http://127.0.0.1:8080"
    host, separator, port = address.rpartition(":")
    if (
        not separator
        or not port.isdigit()
        or not 0 < int(port) < 65536
        or not re.fullmatch(r"[\w.:\[\]-]+", host)
    ):
        raise SettingsError(
            f"{address!r} is not an address", hint="write HOST:PORT, for example --listen 127.0.0.1:8080"
        )
    return [address], f"http://{{label}}.{domain}:{port}" if domain else f"http://{address}"
