"""The configuration of a WireGuard tunnel whose far end is a trap."""

from __future__ import annotations

from typing import ClassVar

from canaries.core.model import Bait, BaitFile, Token
from canaries.kinds import Kind, NoOptions, Order
from canaries.protocols.wireguard import Pair, text


class Wireguard(Kind):
    name: ClassVar[str] = "wireguard"
    traps: ClassVar[tuple[str, ...]] = ("wireguard",)
    title: ClassVar[str] = "A WireGuard configuration, wg0.conf"
    fired_by: ClassVar[str] = (
        "wg-quick, wireguard-go and the apps, as soon as the tunnel is up: the first packet tells which configuration "
        "it is (its public key, with proof of the private one), from where, and the client's clock. Before it, the "
        "look-up of the endpoint, where that has a label of its own. The tunnel never answers, as if the peer had been "
        "removed. Silent: without a WireGuard trap that is reached on that port."
    )
    plant_hint: ClassVar[str] = (
        "In /etc/wireguard of a backup, an administrator's home folder, an onboarding wiki page."
    )
    try_hint: ClassVar[str] = "wg-quick up ./wg0.conf  # the client of {public_key}"

    def mint(self, order: Order, options: NoOptions) -> Bait:
        stream, site = order.stream, order.site()
        pair, server = Pair.of(stream.draw_bytes("key", 32)), order.signer.wireguard_public()
        second, third, host = (
            stream.between("second", 8, 250),
            stream.between("third", 0, 31),
            stream.between("host", 2, 250),
        )
        place = f"[{site.hostname}]" if ":" in site.hostname else site.hostname
        # Routes of one private network only: a finder's other traffic never comes here. The keepalive makes the
        # first packet go out with the tunnel, not with the first thing that is looked for in it.
        config = (
            f"[Interface]\nPrivateKey = {text(pair.private)}\nAddress = 10.{second}.{third}.{host}/32\n\n"
            f"[Peer]\nPublicKey = {text(server)}\nAllowedIPs = 10.{second}.0.0/16\n"
            f"Endpoint = {place}:{order.port(self.name, 51820)}\nPersistentKeepalive = 25\n"
        )
        public, private = text(pair.public), text(pair.private)
        files = (
            BaitFile("wg0.conf", config.encode()),
            BaitFile("privatekey", f"{private}\n".encode()),  # as wg(8) tells to make them
            BaitFile("publickey", f"{public}\n".encode(), 0o644),
        )
        own = tuple(token for token in site.tokens if token.facet == "host")
        tokens = (Token("public_key", public), Token("private_key", private), *own)
        return Bait(
            tokens, config, files, {"public_key": public, "private_key": private, "host": site.hostname}
        )
