"""What vsftpd 3.0.3 says to who has logged in, where PORT and PASV are switched off and nothing may be written."""

from __future__ import annotations

import re

_HELP = (
    b"214-The following commands are recognized.\r\n"
    b" ABOR ACCT ALLO APPE CDUP CWD  DELE EPRT EPSV FEAT HELP LIST MDTM MKD\r\n"
    b" MODE NLST NOOP OPTS PASS PASV PORT PWD  QUIT REIN REST RETR RMD  RNFR\r\n"
    b" RNTO SITE SIZE SMNT STAT STOR STOU STRU SYST TYPE USER XCUP XCWD XMKD\r\n"
    b" XPWD XRMD\r\n"
    b"214 Help OK."
)
_STATUS = """211-FTP server status:\r
     Connected to {peer}\r
     Logged in as {user}\r
     TYPE: {mode}\r
     No session bandwidth limit\r
     Session timeout in seconds is 300\r
     Control connection is {control}\r
     Data connections will be plain text\r
     At session startup, client count was {count}\r
     vsFTPd {version} - secure, fast, stable\r
211 End of status"""
_ANSWERS = {
    b"SYST": b"215 UNIX Type: L8",
    b"NOOP": b"200 NOOP ok.",
    b"HELP": _HELP,
    b"ALLO": b"202 ALLO command ignored.",
    b"ABOR": b"225 No transfer to ABOR.",
    b"ACCT": b"502 ACCT not implemented.",
    b"SMNT": b"502 SMNT not implemented.",
    b"REIN": b"502 REIN not implemented.",
    b"RNTO": b"503 RNFR required first.",
    b"CDUP": b"250 Directory successfully changed.",
    b"SIZE": b"550 Could not get file size.",
    b"MDTM": b"550 Could not get file modification time.",
    b"DELE": b"550 Delete operation failed.",
    b"MKD": b"550 Create directory operation failed.",
    b"RMD": b"550 Remove directory operation failed.",
    b"RNFR": b"550 RNFR command failed.",
    # Never connect to anywhere (PORT could name a third party: RFC 2577), nor another port to watch.
    **dict.fromkeys((b"PASV", b"EPSV", b"PORT", b"EPRT"), b"550 Permission denied."),
    **dict.fromkeys((b"LIST", b"NLST", b"RETR", b"STOR", b"APPE", b"STOU"), b"425 Use PORT or PASV first."),
}
_MODES = {b"I": b"Binary", b"L8": b"Binary", b"L 8": b"Binary", b"A": b"ASCII", b"A N": b"ASCII"}
_OLD = {b"XCUP": b"CDUP", b"XMKD": b"MKD", b"XRMD": b"RMD"}
"""Names of RFC 775 to those of RFC 959."""
_STRANGE = re.compile(r"[^\x20-\x7e]")


class VsftpdSession:
    """One login's folder and mode."""

    def __init__(self, user: str, *, peer: str, version: str, secure: bool) -> None:
        """``peer``: the client's address."""
        self._user = _STRANGE.sub("?", user)[:64]
        self._peer, self._version, self._secure = peer, version, secure
        self._folder, self._mode = f"/home/{self._user}", b"ASCII"

    def answer(self, verb: bytes, rest: bytes) -> bytes:
        """The answer to a command, without its line's end."""
        match verb:
            case b"PWD" | b"XPWD":
                return b'257 "%s" is the current directory' % self._folder.replace('"', '""').encode()
            case b"CWD" | b"XCWD":
                if rest not in (b"/", b"", b".", self._folder.encode()):
                    return b"550 Failed to change directory."
                self._folder = "/" if rest == b"/" else self._folder
                return b"250 Directory successfully changed."
            case b"TYPE":
                self._mode = _MODES.get(rest.upper(), b"")
                return (
                    b"200 Switching to %s mode." % self._mode
                    if self._mode
                    else b"500 Unrecognised TYPE command."
                )
            case b"MODE":
                return b"200 Mode set to S." if rest.upper() == b"S" else b"504 Bad MODE command."
            case b"STRU":
                return b"200 Structure set to F." if rest.upper() == b"F" else b"504 Bad STRU command."
            case b"REST":
                return b"350 Restart position accepted (%d)." % (
                    int(rest) if rest.isdigit() and len(rest) < 18 else 0
                )
            case b"USER" if rest.decode("utf-8", "replace") != self._user:
                return b"530 Can't change to another user."
            case b"USER":
                return b"331 Any password will do."
            case b"PASS":
                return b"230 Already logged in."
            case b"SITE":
                return self._site(rest.upper())
            case b"STAT" if not rest:
                return self._status()
        return _ANSWERS.get(
            verb.removeprefix(b"X") if verb in (b"XCUP", b"XMKD", b"XRMD") else verb, b"500 Unknown command."
        )

    def _site(self, rest: bytes) -> bytes:
        if rest == b"HELP":
            return b"214 CHMOD UMASK HELP"
        return b"550 Permission denied." if rest[:5] in (b"CHMOD", b"UMASK") else b"500 Unknown SITE command."

    def _status(self) -> bytes:
        return _STATUS.format(
            peer=self._peer,
            user=self._user,
            mode=(self._mode or b"ASCII").decode(),
            control="TLS secured" if self._secure else "plain text",
            count=1,
            version=self._version,
        ).encode()
