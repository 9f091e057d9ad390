"""Where bait leads, as far as this machine can tell: what is wrong is one sentence with what to do.

It is asked when a home is made, when bait is minted, planted or shown, when the traps open, and by ``trapline status``.
Names are looked up, and ports are tried on this machine's own addresses; nobody else's machine is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from canaries.core.web_address import port_number
from canaries.installation.addresses import Addresses, answers, is_name, look_up, own, random_label, scope

if TYPE_CHECKING:
    from canaries.core.settings import Settings

Resolver = Callable[[str], Addresses]

_USUAL_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason why bait cannot be fired, or not from everywhere."""

    says: str
    """One sentence."""
    hint: str
    """What to do."""
    near: bool = False
    """True where programs on this machine or in its network can fire it all the same."""
    lasting: bool = False
    """True where no change outside of the settings mends it."""


def obstacles(settings: Settings, resolve: Resolver = look_up) -> Iterator[Obstacle]:
    """What keeps the bait of an installation from being fired: its addresses, then its port."""
    base, addresses = urlsplit(settings.bait.base_url), base_addresses(settings, resolve)
    found = address_obstacle(base.hostname or "", addresses, "bait.base_url")
    if found:
        yield found
    domain = settings.bait.domain
    if domain and not (base.hostname or "").endswith(f"{{label}}.{domain}"):
        name = f"{random_label()}.{domain}"
        found = address_obstacle(f"{{label}}.{domain}", _addresses(name, resolve), "bait.domain")
        if found:
            yield found
    if addresses and any(own(address) for address in addresses):
        yield from _port_obstacle(settings, base.port or _USUAL_PORTS[base.scheme], addresses)


def base_addresses(settings: Settings, resolve: Resolver = look_up) -> Addresses:
    """Where the base URL of bait leads."""
    host = urlsplit(settings.bait.base_url).hostname or ""
    return _addresses(host.replace("{label}", random_label()), resolve)


def trap_obstacle(settings: Settings, traps: Iterable[str], opened: Iterable[str] = ()) -> Obstacle | None:
    """Why bait that leads to ``traps`` reaches none of them: no section opens one. ``opened``: what runs now."""
    wanted, open_ = tuple(traps), {*(settings.traps or {"http": {}}), *opened}
    if not wanted or open_.intersection(wanted):
        return None
    sections = " or ".join(f"[traps.{name}]" for name in wanted)
    return Obstacle(
        f"this bait leads to the trap {' or '.join(wanted)}, which no section of trapline.toml opens",
        f'add {sections} with bind = ["ADDRESS:PORT"], then restart the listener; the bait keeps the port it was '
        "minted with",
    )


def address_obstacle(name: str, addresses: Addresses, setting: str) -> Obstacle | None:
    """What is wrong with where ``name`` leads; None where it can be reached from anywhere."""
    set_it = f"set {setting} in trapline.toml to the name or address at which others reach this machine, then mint anew"
    name = name.replace("{label}", "*")  # as zone files write it
    if addresses is None:
        return Obstacle(
            f"bait leads to {name}, which could not be looked up: no name server answered",
            "try again: trapline status",
            near=True,
        )
    if not addresses:
        return Obstacle(
            f"bait leads to {name}, which does not resolve: nobody can fire it",
            f"add its record where your domain is served, or correct {setting} in trapline.toml",
        )
    scopes = {scope(address) for address in addresses}
    if "" in scopes:
        return None
    leads = f"bait leads to {name}" + (
        f" ({', '.join(addresses)})" if name not in (addresses[0], f"[{addresses[0]}]") else ""
    )
    if "private" in scopes:
        return Obstacle(f"{leads}: only programs in your own network can fire it", set_it, near=True)
    if "loopback" in scopes:
        return Obstacle(f"{leads}: only programs on this machine can fire it", set_it, near=True)
    reason = scopes.pop()
    lasting = reason == "unspecified" and not is_name(name)
    return Obstacle(f"{leads}, {_NOBODYS[reason]}: nobody can fire it", set_it, lasting=lasting)


_NOBODYS = {
    "unspecified": "which is a place to listen at and no address to call",
    "documentation": "an address of examples",
    "multicast": "which is no machine's address",
}


def _addresses(host: str, resolve: Resolver) -> Addresses:
    return resolve(host) if is_name(host) else (host,)


def _port_obstacle(settings: Settings, port: int, addresses: tuple[str, ...]) -> Iterator[Obstacle]:
    """Of an address of this machine: a port that no HTTP trap is set to, and where nothing answers."""
    ports = bound_ports(settings.traps.get("http", {}))
    if not ports or port in ports or any(answers(address, port) for address in addresses):
        return
    set_to = ", ".join(str(one) for one in sorted(ports))
    yield Obstacle(
        f"bait leads to port {port} of this machine, where nothing listens; the http trap is set to port {set_to}",
        "let bait.base_url name the trap's port, or send that port on to it (docs/deploy.md, Low ports)",
    )


def bound_ports(section: Mapping[str, Any]) -> set[int]:
    """The ports that a raw ``[traps.NAME]`` section binds; empty where it says none, or leaves one to the kernel."""
    ports = named_ports(section)
    return set(ports) if all(ports) else set()


def named_ports(section: Mapping[str, Any]) -> list[int]:
    """The port of each address of a raw ``[traps.NAME]`` section, in order; 0: any, or what is no port."""
    bind = section.get("bind") or ()
    texts = bind.split(",") if isinstance(bind, str) else bind if isinstance(bind, list | tuple) else ()
    return [port_number(str(text).rpartition(":")[2].strip()) or 0 for text in texts]
