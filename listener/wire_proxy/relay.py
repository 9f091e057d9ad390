"""One proxied connection: bytes pass in both directions, and a reader looks at them.

Where a connection that cannot be read goes on (``unseen = "pass"``), bytes pass before they are looked at, and reports
wait for nobody. Where it is ended (``"end"``), nothing passes before what it says was kept: on the listener's disk, or
in the spool.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from listener.hook.reporter import Reporter
from listener.wire_proxy.opening import Opened
from listener.wire_proxy.reporting import reports
from listener.wire_proxy.wire_reader import WireReader

CHUNK = 65_536
_KEEP_SECONDS = 10.0


class UnseenError(Exception):
    """A connection is ended because what passes cannot be read or kept."""


@dataclass(slots=True)
class Relay:
    """Until either side ends it."""

    opened: Opened
    wire: WireReader
    reporter: Reporter
    now: Callable[[], str]
    strict: bool
    """Whether what cannot be seen is ended."""

    async def run(self) -> None:
        """Raises UnseenError, OSError."""
        client, server, shift = self.opened.client, self.opened.server.leg, self.opened.shift
        assert server is not None  # noqa: S101  whoever opened it has made it a stream
        ways = [
            asyncio.create_task(
                self._pass(client.reader, server.writer, self.wire.client, shift.to_server),
                name="to the server",
            ),
            asyncio.create_task(
                self._pass(server.reader, client.writer, self.wire.server, shift.to_client),
                name="to the client",
            ),
        ]
        try:
            done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for one in done:
                one.result()
        finally:
            for one in ways:
                one.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._tell(all_of_it=True)
            await self.opened.server.close()

    async def _pass(
        self,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        look: Callable[[bytes], None],
        form: Callable[[bytes], bytes],
    ) -> None:
        while data := await source.read(CHUNK):
            if self.strict:
                look(data)
                await self._keep()
                sink.write(form(data))
            else:
                sink.write(form(data))
                look(data)
                self._tell(all_of_it=False)
            await sink.drain()

    def _tell(self, *, all_of_it: bool) -> bool:
        told = False
        for seen in self.wire.take(now=all_of_it):
            for report in reports(seen, self.wire.session, self.now()):
                self.reporter.put(report)
                told = True
        return told

    async def _keep(self) -> None:
        """Raises UnseenError."""
        if self.wire.unread:
            raise UnseenError(self.wire.unread)
        lost = self.reporter.dropped
        if self._tell(all_of_it=True):
            kept = await asyncio.to_thread(self.reporter.flush, _KEEP_SECONDS)
            if not kept or self.reporter.dropped > lost:
                raise UnseenError(
                    "what was read cannot be kept: the listener is away, and the spool cannot be written"
                )
