"""Sessions of an SSH server as far as sshd bounds what a client may say before it asks for anything.

OpenSSH 8.2 and 8.4: channels.c drops what comes beyond the window, session.c takes 128 variables, and of those only
what ``AcceptEnv LANG LC_*`` of the distributions allows.
"""

from __future__ import annotations

import asyncio

import asyncssh
from asyncssh.constants import MSG_CHANNEL_WINDOW_ADJUST
from asyncssh.packet import SSHPacket, UInt32

MOST_VARIABLES = 64
"""Variables that are kept to be shown; all are in the packets that a sighting keeps."""
_LONGEST_VARIABLE = 4096
_MOST_ACCEPTED = 128


class OpenSshChannel(asyncssh.SSHServerChannel[bytes]):
    """One session."""

    _variables = 0
    _window_open = False

    @classmethod
    def of(cls, connection: asyncssh.SSHServerConnection) -> OpenSshChannel:
        """A new one, in bytes, with a terminal where one is asked for."""
        window, longest = connection._window, connection._max_pktsize
        connection._update_recv_pktlen(longest)
        loop = asyncio.get_running_loop()
        return cls(connection, loop, True, False, False, 0, 0, None, "strict", window, longest)

    def open_window(self) -> None:
        """Let the client send; before the answer to its request."""
        self._window_open = True
        self.send_packet(MSG_CHANNEL_WINDOW_ADJUST, UInt32(self.get_recv_window()))

    def _accept_data(self, data: bytes, datatype: int | None = None) -> None:
        """As asyncssh; what comes before there is a window is dropped."""
        if self._window_open:
            super()._accept_data(data, datatype)

    def _process_env_request(self, packet: SSHPacket) -> bool:
        name, value = packet.get_string(), packet.get_string()
        packet.check_end()
        if len(self._env) < MOST_VARIABLES:
            self._env[name[:_LONGEST_VARIABLE]] = value[:_LONGEST_VARIABLE]
        if name != b"LANG" and not name.startswith(b"LC_"):
            return False
        self._variables += 1
        return self._variables <= _MOST_ACCEPTED + 1
