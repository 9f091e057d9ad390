"""The proxy's process: accepts, opens the other side, relays; takes up new files of rows and bait by itself."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
import ssl
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from canaries.core import clock, log_lines
from canaries.core.errors import SettingsError, TraplineError
from canaries.core.ready_file import clear_ready, write_ready
from canaries.core.text import visible
from listener.hook.filter_file import Filter, FilterError
from listener.hook.reporter import Reporter
from listener.net.addresses import normal
from listener.net.sockets import format_address, open_sockets
from listener.wire_proxy import proxy_settings
from listener.wire_proxy.frames import WireError
from listener.wire_proxy.known_rows import read_known
from listener.wire_proxy.legs import RawLeg
from listener.wire_proxy.mysql_reader import MysqlReader
from listener.wire_proxy.opening import Door, Opened, RefusedConnectionError, open_mysql, open_postgres
from listener.wire_proxy.postgres_reader import PostgresReader
from listener.wire_proxy.proxy_settings import ProxySettings
from listener.wire_proxy.recogniser import Recogniser
from listener.wire_proxy.relay import Relay, UnseenError
from listener.wire_proxy.session import WireSession

LOOK_SECONDS = 5.0
_OPEN = {"postgresql": (open_postgres, PostgresReader), "mysql": (open_mysql, MysqlReader)}
_BINDING = (
    "the proxy's certificate is not the server's: clients that bind their login to the certificate fail here"
    " (channel_binding=disable, or give the proxy the server's certificate)"
)


class WireProxy:
    """One proxy. Raises SettingsError, HomeError where a file of its settings cannot be read."""

    def __init__(self, settings: ProxySettings, say: Callable[[str], None]) -> None:
        self._settings, self._say = settings, say
        self._door = Door(settings, proxy_settings.client_tls(settings), proxy_settings.server_tls(settings))
        self._open, self._reader = _OPEN[settings.protocol]
        self._reporter = _reporter(settings)
        self._stamps = self._stamped()
        self._recogniser = self._read_files()
        self._clock = clock.SystemClock()
        self._running: set[asyncio.Task[None]] = set()
        self._binding_said = False
        self.counts: Counter[str] = Counter()
        """``connections``, ``refused``, ``unread``, ``ended``."""

    async def serve(self, sockets: list[socket.socket]) -> None:
        """Until it is cancelled."""
        tasks = [asyncio.create_task(self._accept(one)) for one in sockets]
        tasks.append(asyncio.create_task(self._look()))
        try:
            await asyncio.gather(*tasks)
        finally:
            for one in (*tasks, *self._running):
                one.cancel()
            await asyncio.gather(*tasks, *self._running, return_exceptions=True)

    async def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                sock, address = await loop.sock_accept(listening)
            except OSError:  # no descriptor is free, or the client has gone
                await asyncio.sleep(0.1)
                continue
            if len(self._running) >= self._settings.connections:
                self.counts["refused"] += 1
                sock.close()
                continue
            sock.setblocking(False)
            if sock.family != socket.AF_UNIX:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            task = asyncio.create_task(self._converse(sock, address))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _converse(self, sock: socket.socket, address: object) -> None:
        client, port = (str(normal(address[0])), int(address[1])) if isinstance(address, tuple) else ("", 0)
        self.counts["connections"] += 1
        raw, session = RawLeg(sock), WireSession(client, port)
        try:
            try:
                async with asyncio.timeout(self._settings.login_seconds):
                    opened = await self._open(raw, self._door)
            except RefusedConnectionError as refused:
                self.counts["refused"] += 1
                self._tell(session, f"refused: {refused}")
                with contextlib.suppress(OSError):
                    await (raw.leg or raw).send(refused.said)
                return
            except (ssl.SSLError, WireError, EOFError, OSError, TimeoutError) as error:
                self._tell(session, f"not opened: {_named(error)}")
                return
            await self._relay(opened, session)
        finally:
            await raw.close()

    async def _relay(self, opened: Opened, session: WireSession) -> None:
        session.certificate, session.certificate_hash = opened.client.certificate()
        wire = self._reader(self._recogniser, session, self._now)
        if opened.start:
            try:
                wire.begin(opened.start)
            except ValueError as error:
                wire.unread = f"its first message is not understood: {type(error).__name__}"
        self._look_at_binding(opened)
        relay = Relay(opened, wire, self._reporter, self._now, self._settings.unseen == "end")
        try:
            await relay.run()
        except UnseenError as error:
            self.counts["ended"] += 1
            self._tell(session, f"ended: {error}")
        except (OSError, EOFError):
            return
        if wire.unread:
            self.counts["unread"] += 1
            self._tell(session, f"what passed was not read: {wire.unread}")

    def _look_at_binding(self, opened: Opened) -> None:
        server = opened.server.leg.tls if opened.server.leg is not None else None
        if self._binding_said or server is None or opened.client.tls is None:
            return
        self._binding_said = True
        own = ssl.PEM_cert_to_DER_cert(
            _first_certificate(Path(self._settings.certificate).read_text("ascii"))
        )
        if server.getpeercert(binary_form=True) != own:
            self._say(_BINDING)

    def _tell(self, session: WireSession, what: str) -> None:
        who = f" as {visible(session.user, limit=63)}" if session.user else ""
        place = f"{session.client} port {session.port}" if session.client else "a Unix socket"
        self._say(f"client at {place}{who}: {what}")

    def _now(self) -> str:
        return clock.rfc3339(self._clock.now())

    async def _look(self) -> None:
        """Take up files that were written anew; what cannot be read leaves the old one in use."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            stamps = self._stamped()
            if stamps == self._stamps:
                continue
            self._stamps = stamps
            try:
                self._recogniser = self._read_files()
                self._say("the new files of rows and bait are in use")
            except TraplineError as error:
                self._say(f"the old files of rows and bait stay in use: {error.sentence}")

    def _read_files(self) -> Recogniser:
        settings = self._settings
        try:
            tokens = Filter(Path(settings.filter)) if settings.filter else None
        except (OSError, FilterError) as error:
            raise SettingsError(f"the filter cannot be read: {error}") from None
        return Recogniser(settings.protocol, read_known(Path(settings.rows)), tokens)

    def _stamped(self) -> list[tuple[int, int, int]]:
        found = []
        for name in (self._settings.rows, self._settings.filter):
            with contextlib.suppress(OSError):
                state = Path(name).stat()
                found.append((state.st_mtime_ns, state.st_size, state.st_ino))
        return found


def run(settings: ProxySettings, ready_file: Path | None, say: Callable[[str], None]) -> None:
    """Until SIGTERM or Ctrl-C. Raises SettingsError, HomeError. ``ready_file`` gets ``{"proxy": ["host:port"]}``."""
    import uvloop

    clear_ready(ready_file)
    sockets = [one for text in settings.bind for one in open_sockets(text, ("tcp",), "[proxy] bind")]
    proxy = WireProxy(settings, say)

    async def until_stopped() -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        serving = asyncio.create_task(proxy.serve(sockets))
        places = [format_address(one) for one in sockets]
        if ready_file is not None:
            write_ready(ready_file, {"proxy": places})
        say(f"{settings.protocol} at {', '.join(places)}, for {settings.server}")
        waiting = asyncio.create_task(stop.wait())
        await asyncio.wait([serving, waiting], return_when=asyncio.FIRST_COMPLETED)
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving

    uvloop.run(until_stopped())


def say(text: str) -> None:
    """On standard error."""
    log_lines.write("proxy", text)


def _reporter(settings: ProxySettings) -> Reporter:
    try:
        told = json.loads(Path(settings.sensor).read_text("utf-8"))
        spool = Path(settings.spool) if settings.spool else None
        return Reporter(told["name"], told["key"], told["report_to"], spool=spool)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"the sensor's file cannot be read: {_named(error)}") from None


def _first_certificate(text: str) -> str:
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    place = text.find(begin)
    return text[place : text.find(end, place) + len(end)]


def _named(error: Exception) -> str:
    reason = getattr(error, "strerror", None) or getattr(error, "reason", None)
    return str(reason or type(error).__name__)
