"""An SSH private key with the config and known_hosts entries that lead it to the trap."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from canaries.core.errors import MintError
from canaries.core.model import Bait, BaitFile, Token
from canaries.crypto.seeded_random import HEX, SeededRandom
from canaries.kinds import Kind, Order
from canaries.protocols import ssh_keys

_USERS = ("deploy", "ubuntu", "admin", "git", "ansible", "backup", "ops", "svc-deploy", "jenkins", "rsync")
_ALIASES = (
    "bastion",
    "jump",
    "prod",
    "prod-db",
    "backup",
    "gateway",
    "build",
    "storage",
    "mirror",
    "staging",
)
_MACHINES = ("ci", "build", "laptop", "ws", "runner", "mgmt", "admin", "desk")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class SshKeyOptions:
    """What ``--set`` may set."""

    type: Literal["ed25519", "rsa"] = "ed25519"
    """The algorithm; ``rsa`` (3072 bits) takes a second to make."""
    user: str = ""
    """Whom to log in as. Empty: one of the usual names."""
    alias: str = ""
    """What the config calls the host. Empty: one of the usual names."""
    port: int = 0
    """Where your SSH trap is reached; 0: the port it is set to listen on, else 22."""

    def __post_init__(self) -> None:
        if not 0 <= self.port < 65536:
            raise ValueError("port must be 1 to 65535, or 0 for the trap's own")


class SshKey(Kind):
    name: ClassVar[str] = "ssh-key"
    traps: ClassVar[tuple[str, ...]] = ("ssh",)
    title: ClassVar[str] = "An SSH private key with its config and known_hosts"
    fired_by: ClassVar[str] = (
        "ssh, scp, sftp, rsync, sshfs, git and ansible over SSH, paramiko, asyncssh, where an SSH trap runs: the "
        "key's fingerprint is seen before anything is decided, then the proof that they have the private half, the "
        "user, the client's version and the command. Only the name and the client are seen where known_hosts is "
        "left behind and the host-key question is answered with no; nothing where the key is tried elsewhere."
    )
    plant_hint: ClassVar[str] = (
        "In a home folder (~/.ssh), a backup of one, a CI runner's image or a deployment repository."
    )
    try_hint: ClassVar[str] = "ssh -F .ssh/config {alias} id   # offers {fingerprint}"
    Options: ClassVar[type[Any]] = SshKeyOptions

    def mint(self, order: Order, options: SshKeyOptions) -> Bait:
        stream, site, port = order.stream, order.site(), options.port or order.port("ssh", 22)
        if options.type == "rsa":
            key, bits = order.signer.ssh_rsa(stream), ssh_keys.RSA_BITS
        else:
            key, bits = order.signer.ssh_ed25519(stream), 256
        user = _plain(options.user or stream.pick("user", _USERS), "user")
        alias = _plain(options.alias or stream.pick("alias", _ALIASES), "alias")
        file, comment = f"id_{options.type}", f"{user}@{_machine(stream)}"
        # As ssh-keygen -l prints it; people note it so to tell which key a server lists.
        config = f"# {bits} {key.fingerprint} {comment} ({options.type.upper()})\n" + _config(
            alias, site.hostname, port, user, file
        )
        known = f"{_entry(site.hostname, port)} {order.signer.ssh_host_public()}\n"
        private = key.openssh(comment, stream.draw_bytes("check", 4))
        own = tuple(token for token in site.tokens if token.facet == "host")
        return Bait(
            (Token("fingerprint", key.fingerprint), Token("public_key", key.public), *own),
            text=config + private,
            files=(
                BaitFile(f".ssh/{file}", private.encode()),
                BaitFile(f".ssh/{file}.pub", f"{key.name} {key.public} {comment}\n".encode(), 0o644),
                BaitFile(".ssh/config", config.encode()),
                BaitFile(".ssh/known_hosts", known.encode(), 0o644),
            ),
            row={
                "user": user,
                "alias": alias,
                "host": site.hostname,
                "port": str(port),
                "private_key": private,
                "remote": f"ssh://{user}@{_url_host(site.hostname)}:{port}/srv/git/{alias}.git",
            },
        )


def _config(alias: str, host: str, port: int, user: str, file: str) -> str:
    """A Host block. ``IdentitiesOnly``: else an agent's own keys come first, and a fitting one ends the search."""
    at_port = f"    Port {port}\n" if port != 22 else ""
    return (
        f"Host {alias}\n    HostName {host}\n{at_port}    User {user}\n"
        f"    IdentityFile ~/.ssh/{file}\n    IdentitiesOnly yes\n"
    )


def _entry(host: str, port: int) -> str:
    """A host in ``known_hosts`` (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT)."""
    return host if port == 22 else f"[{host}]:{port}"


def _url_host(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _machine(stream: SeededRandom) -> str:
    return f"{stream.pick('machine', _MACHINES)}-{stream.text('machine number', HEX[:10], 2)}"


def _plain(name: str, noun: str) -> str:
    if not _WORD.fullmatch(name):
        raise MintError(f"the {noun} of an SSH key has letters, digits, dots, - and _ only")
    return name
