"""SSH: real clients with a stolen key or password against a real listener, and what hostile ones may cost."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import socket
import struct
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from canaries.crypto.seeded_random import BASE62
from canaries.crypto.sieve import Sieve
from canaries.installation.home import Home
from canaries.protocols import ssh_keys
from listener.evidence.sighting import Sighting
from listener.journal.journal import JournalError
from listener.net.context import TrapContext
from listener.runtime.front_files import front_files
from listener.traps.ssh import SshSettings, SshTrap
from tests import hooks, steady
from tests.programs import needs

FIRST = [b"SSH-2.0-OpenSSH_9.6\r\n"]
"""What clients send first."""


def besieging(flood: Callable[[Any], Awaitable[None]]) -> hooks.Siege:
    """A client of asyncssh that has logged in, and does this."""

    @asynccontextmanager
    async def held(host: str, port: int) -> AsyncIterator[None]:
        import asyncssh

        async with asyncssh.connect(
            host, port, username="app", password="hunter2", known_hosts=None, config=None, agent_path=None,
            client_keys=None, rekey_bytes=1 << 40,
        ) as connection:  # fmt: skip
            await flood(connection)
            await connection._make_global_request(b"keepalive@openssh.com")  # all before it has been read
            yield

    return held


async def opened(connection: Any) -> Any:
    """A session of which nothing was asked yet."""
    from asyncssh.channel import SSHClientChannel

    channel = SSHClientChannel(
        connection, asyncio.get_running_loop(), "strict", None, "strict", 1 << 21, 32_768
    )
    await channel._open(b"session")
    return channel


async def with_variables(connection: Any) -> None:
    from asyncssh.packet import String

    for _ in range(10):
        channel = await opened(connection)
        for number in range(200):
            channel._send_request(b"env", String(f"LC_{number}"), String("x" * 1500))


async def typing_ahead(connection: Any) -> None:
    """No window was opened."""
    from asyncssh.constants import MSG_CHANNEL_DATA
    from asyncssh.packet import String

    for _ in range(10):
        channel = await opened(connection)
        for _ in range(10):
            channel.send_packet(MSG_CHANNEL_DATA, String(bytes(30_000)))


async def with_many_sessions(connection: Any) -> None:
    from asyncssh import ChannelOpenError

    for _ in range(1000):
        with contextlib.suppress(ChannelOpenError):
            await opened(connection)


async def with_terminals(connection: Any) -> None:
    from asyncssh.packet import String, UInt32

    for _ in range(10):
        channel = await opened(connection)
        for _ in range(10):
            size = b"".join(map(UInt32, (80, 24, 0, 0)))
            channel._send_request(b"pty-req", String("x" * 30_000), size, String(b""))


FLOODS = [besieging(one) for one in (with_variables, typing_ahead, with_many_sessions, with_terminals)]

REFUSAL = "This account is currently not available."
needs_ssh = needs("ssh")


@pytest.fixture(scope="module")
def theft(steal: Callable[..., Any]) -> Any:
    """The bait's files are in ``.ssh``; its host name leads to loopback, as a resolver would have it."""
    stolen = steal("ssh", "ssh-key")
    for file in stolen.bait.files:
        path = stolen.home.path.parent / file.path
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(file.content)
        path.chmod(file.mode)
    return stolen


@pytest.fixture
def ssh(theft: Any) -> Callable[..., str]:
    """``ssh("id")``, ``ssh(program="scp", ...)``: an OpenSSH program that has the stolen files and nothing else."""
    theft.forget()

    def run(*words: str, program: str = "ssh", options: tuple[str, ...] = ()) -> str:
        common = flags(theft, *options)
        if program == "ssh":
            common.append(theft.row["alias"])
        return str(theft.run(program, *common, *words))

    return run


def flags(theft: Any, *options: str) -> list[str]:
    """For a home folder that is not the user's own, and a name that no resolver knows."""
    folder = theft.home.path.parent / ".ssh"
    known = folder / "known_here"
    key = (folder / "known_hosts").read_text().split(" ", 1)[1]
    known.write_text(f"[127.0.0.1]:{theft.port} {key}")
    settings = (
        *options,  # of each option the first value counts, and keys are offered in order
        "HostName=127.0.0.1",
        f"IdentityFile={folder / 'id_ed25519'}",
        f"UserKnownHostsFile={known}",
        "StrictHostKeyChecking=yes",
        "BatchMode=yes",
    )
    return ["-F", str(folder / "config"), *(part for one in settings for part in ("-o", one))]


@needs_ssh
def test_ssh_shows_key_proof_client_and_command(theft: Any, ssh: Callable[..., str]) -> None:
    assert ssh("id; uname -a", options=("SetEnv=LC_WHO=mallory", "SendEnv=LC_*")) == f"{REFUSAL}\n"
    key, proven, command = (theft.hit(request) for request in ("key", "proven", "command"))
    assert key.facet == "fingerprint"
    seen = key.entry.body["observed"]
    assert seen["user"] == theft.row["user"]
    assert seen["client"].startswith("SSH-2.0-OpenSSH_")
    assert len(bytes.fromhex(seen["hassh"])) == 16
    assert "proven" not in seen
    assert proven.entry.body["observed"]["proven"] is True
    seen = command.entry.body["observed"]
    assert (seen["command"], seen["environment"]["LC_WHO"]) == ("id; uname -a", "mallory")


@needs_ssh
def test_a_terminal_gets_the_same_words(theft: Any, ssh: Callable[..., str]) -> None:
    assert REFUSAL in ssh(options=("RequestTTY=force",))
    assert "terminal" in theft.hit("shell").entry.body["observed"]


@needs_ssh
def test_sftp_and_scp_ask_for_a_subsystem(theft: Any, ssh: Callable[..., str]) -> None:
    """Both take the refusal for a length, as they do at a real server: 1416128883 is "This"."""
    assert "1416128883" in ssh("-b", "/dev/null", theft.row["alias"], program="sftp")
    assert theft.hit("subsystem").entry.body["observed"]["subsystem"] == "sftp"
    assert "1416128883" in ssh(f"{theft.row['alias']}:/etc/passwd", "/nowhere", program="scp")
    theft.hit("subsystem")


@needs_ssh
@pytest.mark.parametrize(
    ("command", "asked"),
    [
        (("rsync", "HOST:/srv/", "/nowhere"), "rsync --server --sender"),
        (("git", "ls-remote", "HOST:/srv/git/app.git"), "git-upload-pack '/srv/git/app.git'"),
    ],
    ids=["rsync", "git"],
)
def test_programs_over_ssh_show_their_command(
    theft: Any, ssh: Callable[..., str], command: tuple[str, ...], asked: str
) -> None:
    through = " ".join(["ssh", *flags(theft)])
    words = (word.replace("HOST", theft.row["alias"]) for word in command)
    theft.run(*words, RSYNC_RSH=through, GIT_SSH_COMMAND=through)
    assert theft.hit("command").entry.body["observed"]["command"].startswith(asked)


@needs_ssh
def test_an_agents_other_key_is_refused_and_seen_and_the_stolen_one_still_comes(
    theft: Any, ssh: Callable[..., str], tmp_path: Path
) -> None:
    """Were the first key accepted, ssh would never show the second."""
    own = tmp_path / "own"
    for number in itertools.count():  # the first that is not marked by chance, as one key in 256 is
        private = ed25519.Ed25519PrivateKey.from_private_bytes(steady.key(f"own {number}"))
        public = private.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
        if not ssh_keys.marked(theft.home.keys.front, base64.b64decode(public.split()[1])):
            break
    own.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    own.chmod(0o600)
    own.with_suffix(".pub").write_bytes(public + b"\n")
    words = ssh("-v", "id", options=(f"IdentityFile={own}",))
    assert REFUSAL in words
    assert f"Offering public key: {own}" in words
    assert theft.hit("proven").entry.body["observed"]["fingerprint"] == next(
        token.value for token in theft.canary.tokens if token.facet == "fingerprint"
    )


@needs_ssh
def test_forwarding_is_recorded_and_refused(theft: Any, ssh: Callable[..., str]) -> None:
    words = ssh("-W", "10.0.0.5:3306")
    assert "administratively prohibited" in words or "open failed" in words
    seen = theft.hit("forward").entry.body["observed"]
    assert (seen["forward"], seen["to"]) == ("direct-tcpip", "10.0.0.5:3306")


def test_sshpass_hands_over_the_password(theft: Any, ssh: Callable[..., str]) -> None:
    """The token here is the fingerprint: the word is recorded, and as no password minted here it is refused."""
    word = next(token.value for token in theft.canary.tokens if token.facet == "fingerprint")
    options = ("PubkeyAuthentication=no", "BatchMode=no")
    said = theft.run("sshpass", "-p", word, "ssh", *flags(theft, *options), theft.row["alias"], "id")
    assert theft.hit("login").entry.body["observed"]["password"] == word
    assert "Permission denied" in said
    mine = Sieve(theft.home.keys.front).passing("x" * 24, BASE62)
    said = theft.run("sshpass", "-p", mine, "ssh", *flags(theft, *options), theft.row["alias"], "id")
    assert "Permission denied" not in said


@pytest.mark.parametrize(
    ("program", "command", "client"),
    [
        ("dbclient", ("dropbearconvert", "openssh", "dropbear"), "SSH-2.0-dropbear_"),
        ("plink", ("puttygen", "-O", "private"), "SSH-2.0-PuTTY_"),
    ],
    ids=["dropbear", "putty"],
)
def test_other_programs_with_the_key_in_their_own_form(
    theft: Any, tmp_path: Path, program: str, command: tuple[str, ...], client: str
) -> None:
    theft.forget()
    key, own = str(theft.home.path.parent / ".ssh" / "id_ed25519"), str(tmp_path / "key")
    theft.run(*command, *((key, own) if program == "dbclient" else (key, "-o", own)))
    where = ("-i", own, "-l", theft.row["user"])
    if program == "dbclient":
        words = theft.run("dbclient", "-y", "-y", *where, "-p", str(theft.port), "127.0.0.1", "id")
    else:
        blob = base64.b64decode(ssh_keys.host_public(theft.home.keys.front).split()[1])
        known = ("-batch", "-hostkey", ssh_keys.fingerprint(blob))
        words = theft.run("plink", *known, *where, "-P", str(theft.port), "127.0.0.1", "id")
    assert REFUSAL in words
    assert theft.hit("command").entry.body["observed"]["client"].startswith(client)


def test_paramiko_offers_and_proves(theft: Any) -> None:
    paramiko = pytest.importorskip("paramiko")
    theft.forget()
    client = paramiko.SSHClient()
    folder = theft.home.path.parent / ".ssh"
    flags(theft)
    client.load_host_keys(str(folder / "known_here"))
    client.connect(
        "127.0.0.1",
        theft.port,
        theft.row["user"],
        key_filename=str(folder / "id_ed25519"),
        allow_agent=False,
        look_for_keys=False,
    )
    _, output, _ = client.exec_command("cat /etc/shadow")
    assert output.read().decode() == f"{REFUSAL}\n"
    client.close()
    assert theft.hit("key").entry.body["observed"]["client"].startswith("SSH-2.0-paramiko_")
    assert theft.hit("command").entry.body["observed"]["command"] == "cat /etc/shadow"


def test_asyncssh_offers_and_proves(theft: Any) -> None:
    import asyncssh

    theft.forget()
    folder = theft.home.path.parent / ".ssh"
    flags(theft)

    async def use() -> object:
        async with asyncssh.connect(
            "127.0.0.1", theft.port, username=theft.row["user"], client_keys=[folder / "id_ed25519"],
            known_hosts=str(folder / "known_here"), config=None, agent_path=None,
        ) as connection:  # fmt: skip
            return (await connection.run("id")).stdout

    assert asyncio.run(use()) == f"{REFUSAL}\n"
    assert theft.hit("proven").entry.body["observed"]["client"].startswith("SSH-2.0-AsyncSSH_")


def sightings(front: Any, answer: str) -> list[Any]:
    """Those with this answer, as soon as there is one."""
    return steady.until(
        lambda: [one for one in front.sightings() if one.answer == answer],
        lambda: [one.answer for one in front.sightings()],
    )


@pytest.fixture(scope="module")
def strict(start_front: Callable[..., Any]) -> Any:
    """A front that refuses passwords, and is quick to lose patience."""
    return start_front(
        "ssh", passwords="refuse", attempts=2, idle_seconds=1.0, kept_bytes=4096, total_bytes=65_536
    )


@needs("ssh-keyscan")
def test_a_scanner_is_recorded_with_its_algorithms(strict: Any) -> None:
    port = str(strict.address[1])
    done = subprocess.run(
        ["ssh-keyscan", "-t", "ed25519", "-p", port, "127.0.0.1"],
        capture_output=True,
        timeout=steady.PATIENCE,
        check=True,
    )
    assert b"ssh-ed25519 " in done.stdout
    seen = sightings(strict, "greeting")[0]
    assert seen.notes["client"].startswith("SSH-2.0-OpenSSH")
    assert seen.raw.startswith(b"SSH-2.0-OpenSSH"), "the bytes, as they came"


@needs("sshpass")
def test_passwords_are_refused_where_so_set_and_tries_are_counted(strict: Any) -> None:
    before = len([one for one in strict.sightings() if one.answer == "login"])
    done = subprocess.run(
        ["sshpass", "-p", "hunter2", "ssh", "-F", "none", "-p", str(strict.address[1]), "root@127.0.0.1",
         "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
         "-o", "PubkeyAuthentication=no", "id"],
        capture_output=True, timeout=steady.PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert REFUSAL.encode() not in done.stdout
    seen = sightings(strict, "login")[before:]
    assert seen[0].notes.items() >= {"user": "root", "password": "hunter2"}.items()


@needs_ssh
def test_failures_are_counted_and_end_the_connection(strict: Any, tmp_path: Path) -> None:
    options: list[str] = []
    for number in range(4):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / str(number)], check=True
        )
        options += ["-i", str(tmp_path / str(number))]
    done = subprocess.run(
        ["ssh", "-F", "none", "-p", str(strict.address[1]), "root@127.0.0.1", "-o", "StrictHostKeyChecking=no",
         "-o", "UserKnownHostsFile=/dev/null", "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", *options, "id"],
        capture_output=True, timeout=steady.PATIENCE, check=False,
    )  # fmt: skip
    assert b"Too many authentication failures" in done.stderr
    assert len(sightings(strict, "key")) == 2


class Journal:
    """In memory; full from a given number on."""

    def __init__(self, full_from: int) -> None:
        self.kept: list[Sighting] = []
        self._full_from = full_from

    async def append(self, sighting: Sighting) -> None:
        if len(self.kept) >= self._full_from:
            raise JournalError("full")
        self.kept.append(sighting)


@pytest.mark.parametrize(
    ("full_from", "answers"), [(0, []), (1, ["greeting"]), (2, ["greeting", "user"])], ids=str
)
def test_what_cannot_be_recorded_is_not_answered(home: Home, full_from: int, answers: list[str]) -> None:
    """The third sighting is the password: without it on disk nobody learns that it is accepted."""
    import asyncssh

    journal = Journal(full_from)

    async def scene(address: tuple[str, int]) -> None:
        with pytest.raises(asyncssh.ConnectionLost):
            await asyncssh.connect(
                *address, username="root", password="hunter2", known_hosts=None, config=None, agent_path=None,
                client_keys=None,
            )  # fmt: skip

    in_process(home, journal, SshSettings(), scene)
    assert [one.answer for one in journal.kept] == answers


def test_a_proxys_client_is_the_source(home: Home) -> None:
    journal = Journal(100)

    async def scene(address: tuple[str, int]) -> None:
        reader, writer = await asyncio.open_connection(*address)
        writer.write(b"PROXY TCP4 203.0.113.9 192.0.2.1 4000 22\r\nSSH-2.0-x\r\n" + bytes(64))
        assert (await reader.read()).startswith(b"SSH-2.0-OpenSSH_")
        writer.close()
        await writer.wait_closed()

    in_process(home, journal, SshSettings(proxy_protocol_from=("127.0.0.0/8",)), scene)
    assert [(one.source, one.peer[0]) for one in journal.kept] == [(("203.0.113.9", 4000), "127.0.0.1")]
    assert journal.kept[0].raw.startswith(b"SSH-2.0-x\r\n"), "the header is the proxy's, not the client's"


def in_process(home: Home, journal: Journal, settings: SshSettings, scene: Callable[..., Any]) -> None:
    """The trap in this process, with a journal that can be looked into."""

    async def play() -> None:
        trap = SshTrap(settings, TrapContext.load(front_files(home), journal))  # type: ignore[arg-type]
        listening = socket.create_server(("127.0.0.1", 0))
        await trap.open([listening])
        try:
            await scene(listening.getsockname())
        finally:
            await trap.close()
            listening.close()

    asyncio.run(asyncio.wait_for(play(), steady.PATIENCE))


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"SSH-2.0-\xff\xfe\r\n",
        b"SSH-2.0-x\r\n" + struct.pack(">IB", 0xFFFFFFFF, 4) + bytes(64),
        b"SSH-2.0-x\r\n" + bytes(200),
    ],
)
def test_what_is_no_ssh_is_recorded_and_ends(strict: Any, data: bytes) -> None:
    answer = strict.ask(data, end=False)
    assert answer.startswith(b"SSH-2.0-OpenSSH_")
    assert any(one.raw == data for one in sightings(strict, "unfinished"))


def test_who_says_nothing_is_shown_the_door(strict: Any) -> None:
    with strict.connect() as sock:
        assert sock.recv(300).startswith(b"SSH-2.0-")
        assert sock.recv(300) == b""


def test_who_sends_too_much_is_cut_off_and_counted(strict: Any) -> None:
    with strict.connect() as sock:
        sock.settimeout(steady.PATIENCE)
        try:
            sock.sendall(b"SSH-2.0-x\r\n" + struct.pack(">IB", 30_000, 4) + bytes(200_000))
            while sock.recv(65_536):
                pass
        except ConnectionError:
            pass
    cut = steady.until(lambda: [one for one in strict.sightings() if one.size > len(one.raw)])
    assert len(cut[0].raw) == 4096


SAID = {
    b"GET / HTTP/1.1\r\n\r\n": b"Invalid SSH identification string.\r\n",
    b"hello\r\n": b"Invalid SSH identification string.\r\n",
    b"SSH-2.0\r\n": b"Invalid SSH identification string.\r\n",
    b"\0\0\0\0\r\n": b"Invalid SSH identification string.\r\n",
    b"A" * 9000: b"Invalid SSH identification string.\r\n",
    b"line\r\nSSH-2.0-x\r\n": b"Invalid SSH identification string.\r\n",
    b"SSH-1.5-x\r\n": b"Protocol major versions differ.\r\n",
}
"""Recorded from OpenSSH 9.2p1 (Debian 12)."""


@pytest.mark.parametrize("data", SAID)
def test_who_speaks_no_ssh_2_is_told_so_as_openssh_tells_it(strict: Any, data: bytes) -> None:
    assert strict.ask(data, end=False).partition(b"\n")[2] == SAID[data]
    assert any(data.startswith(one.raw) and one.size == len(data) for one in sightings(strict, "unfinished"))


@pytest.mark.parametrize(
    "packet", [b"\0\0\0\x0c\x0aabcdefghijkl", b"\xff" * 64, b"\0\0\0\x0c\x06\x02hello" + bytes(8)]
)
def test_before_keys_are_agreed_it_closes_without_a_word(strict: Any, packet: bytes) -> None:
    """As OpenSSH does; the library's own sentences would name it."""
    assert b"en-US" not in strict.ask(b"SSH-2.0-x\r\n" + packet, end=False)


def test_what_packets_said_is_read_and_shown_as_it_was_typed() -> None:
    def string(data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + data

    token = b"glpat-GrFrWu7XcRt9faBWz97X" + b"x" * 75
    kept = b"".join(
        string(b"\x5e\0\0\0\0" + string(part)) for part in (b"cat ", token[:50], token[50:], b"\n")
    )
    seen = Sighting(
        id="0" * 32, trap="ssh", observed_at=0, peer=("a", 1), local=("b", 2), transport="tcp", raw=b"", size=0,
        front="f", number=1, connection=1, clock={}, notes={"request": "unfinished", "packets": kept},
    )  # fmt: skip
    reading = SshTrap.read(seen)
    assert token in reading.candidates
    assert dict(reading.observed) == {"request": "unfinished", "input": f"cat {token.decode()}\n"}
    assert SshTrap.read(msgspec.structs.replace(seen, notes={"request": "shell"})).observed == {
        "request": "shell"
    }
