"""A VNC password with a link that opens the screen in a browser."""

from __future__ import annotations

from typing import ClassVar

from canaries.core.model import Bait, Token
from canaries.crypto.seeded_random import BASE62
from canaries.kinds import Kind, NoOptions, Order

_MACHINES = ("build", "render", "kiosk", "lab", "win", "ws", "desk", "scada", "cam", "test")


class VncPassword(Kind):
    name: ClassVar[str] = "vnc-password"
    traps: ClassVar[tuple[str, ...]] = ("vnc",)
    title: ClassVar[str] = "A VNC password, with a link to the screen in a browser"
    fired_by: ClassVar[str] = (
        "VNC viewers, hydra, medusa and nmap where a VNC trap runs: VNC never sends the password, but the answer to "
        "the trap's challenge tells that it was typed. Whoever opens the link: browsers, link previews, curl. "
        "The host's look-up, where that has a label of its own and a DNS trap runs."
    )
    plant_hint: ClassVar[str] = "On a wiki page or in a runbook, in a ticket, on a note in a shared folder."
    try_hint: ClassVar[str] = "curl -i '{url}'"

    def mint(self, order: Order, options: NoOptions) -> Bait:
        stream, site, port = order.stream, order.site(), order.port("vnc", 5900)
        password = stream.text("password", BASE62, 8)
        machine = f"{stream.pick('machine', _MACHINES)}-{stream.between('number', 1, 40):02d}"
        # The parameters of noVNC's own page (its docs/EMBEDDING.md).
        url = f"{site.url}/vnc.html?autoconnect=true&password={password}"
        host = f"[{site.hostname}]" if ":" in site.hostname else site.hostname
        # A viewer takes a display's number, or a port behind two colons (vncviewer(1)).
        viewer = f"{host}:{port - 5900}" if 5900 <= port < 6000 else f"{host}::{port}"
        text = f"{machine}: {url}\n  (vncviewer {viewer}, password {password})\n"
        tokens = (*site.tokens, Token("password", password, weak=True))
        return Bait(tokens, text, row={"url": url, "host": site.hostname, "password": password}, stem="vnc")
