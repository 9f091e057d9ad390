"""What a bait says, as named values with roles: the half of planting that no file format knows.

A kind may give `Bait.values` itself. Where it does not, they are read off what it gives anyway: its snippet, where
that is assignments (``STRIPE_SECRET_KEY=...``), otherwise its row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from canaries.core.model import Bait, BaitFile, Token, Value

_ASSIGNMENT = re.compile(r"(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)")
_SCHEME = re.compile(r"(?:jdbc:)?[a-z][a-z0-9+.-]*://")
_KEYWORDS = re.compile(r"(?:\w+=[^\s\"';]+[ \t]+)+(?:\w+=[^\s\"';]+)")
"""``host=a user=b password=c``, as libpq has it (PostgreSQL, section "Keyword/Value Connection Strings")."""
_GO = re.compile(r"[^\s:@/]+:[^\s@]*@(?:tcp|unix)\([^)]+\)/")
"""``user:password@tcp(host:port)/database``, as Go's MySQL driver has it."""
_PAIRS = re.compile(r"[A-Za-z][A-Za-z ]*=[^;=]*;.*(?:password|pwd|key)", re.IGNORECASE)

_WORDS = {
    "password": "password passwd pass pwd passphrase bindpw authtok _password",
    "key_id": "access_key_id accesskeyid key_id client_id account_sid access_key aws_access_key application_id",
    "public": "publishable_key public_key publishable",
    "secret": """secret token key api_key apikey secret_key auth_token authtoken access_token private_key bearer
        secret_access_key client_secret credential credentials signature oauth_token""",
    "user": """user username login uid user_id userid user_name account_name bind_user usr""",
    "dn": "binddn bind_dn user_dn manager_dn rootdn",
    "url": """url uri dsn endpoint api_base base_url baseurl base_uri link connection_string connectionstring jdbc_url
        jdbcurl repository registry webhook hook remote""",
    "host": """host hostname host_name host_base servername server_name server addr address domain hostaddr machine
        smarthost data_source""",
    "port": "port",
    "database": "database db dbname db_name database_name initial_catalog schema",
    "region": "region location zone",
    "email": "email mail from from_address sender",
}
"""Role to the last words of a setting's name that say it."""

_GLUED = re.compile(
    r"(?:db|remote|smtp|imap|ldap|ftp|mail|sql|mysql|redis|mongo|http|es|bind)(user|username|pass|passwd|password|pwd|host|"
    r"hostname|port|name|url|uri)"
)
"""Last words that are two: ``remotepass`` of offlineimap, ``smtphost`` of Joomla."""

_ROLE = {tuple(name.split("_")): role for role, names in _WORDS.items() for name in names.split()}
_FAMILY = frozenset(
    "url key token credentials config conf clouds hosts name secret client pass native".split()
)
"""Last words of a kind's name that say the sort of thing, not the service."""


def words(name: str) -> tuple[str, ...]:
    """``secretKey``, ``SECRET_KEY`` and ``secret-key`` as (``secret``, ``key``)."""
    split = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", re.sub(r"(?<![A-Z])([A-Z]+)([A-Z][a-z])", r"\1_\2", name))
    return tuple(part.lower() for part in re.split(r"[^A-Za-z0-9]+", split) if part)


def role_of(name: str, text: str = "") -> str:
    """What a setting of this name (and value) is; empty where nothing says so."""
    if _SCHEME.match(text):
        return "url"
    if _PAIRS.match(text) or _GO.match(text) or (_KEYWORDS.fullmatch(text) and "password=" in text):
        return "connection"
    parts = words(name)
    if "use" in parts[:-1] or text.lower() in ("true", "false"):
        return ""  # a switch: use_path_style_endpoint
    if parts[-1:] == ("domain",) and text and "." not in text:
        return ""  # of Windows
    glued = _GLUED.fullmatch(parts[-1]) if parts else None
    shorter = (*parts[:-1], glued[1]) if glued else ()
    for one in (parts, shorter):  # dbname, and then dbhost
        for count in (3, 2, 1):
            role = _ROLE.get(one[-count:]) if len(one) >= count else None
            if role:
                return role
    return ""


@dataclass(frozen=True, slots=True)
class BaitValues:
    """A bait, ready to be written in any format."""

    kind: str
    """Of the canary: ``stripe-key``; empty where nobody said."""
    values: tuple[Value, ...]
    """In the order of the service's documentation; no value has a line break."""
    roles: dict[str, str]
    """Role to value, the first of each: also what a URL says of user, password, host, port and database."""
    files: tuple[BaitFile, ...]
    """The bait in its own programs' formats."""
    text: str
    """The snippet."""
    tokens: tuple[str, ...]
    """Values of the tokens that accuse by themselves."""

    @property
    def service(self) -> str:
        """The first word of the settings' names, lower case: ``stripe``, ``database``."""
        return words(self.values[0].name)[0] if self.values else words(self.kind)[0] if self.kind else ""

    def file(self, *names: str) -> BaitFile | None:
        """The bait's own file of one of these base names."""
        return next((one for one in self.files if one.path.rpartition("/")[2] in names), None)


def values_of(kind: str, bait: Bait) -> BaitValues:
    """``bait`` as values: its own, those of its snippet, or those of its row."""
    tokens = tuple(token.value for token in _strong(bait))
    given = bait.values or _telling(_assigned(bait.text), tokens) or tuple(_of_row(kind, bait, tokens))
    given = tuple(value for value in given if "\n" not in value.text and value.text)
    roles: dict[str, str] = {}
    for value in given:
        roles.setdefault(value.role, value.text)
    for column, text in bait.row.items():
        roles.setdefault(role_of(column, text), text)
    if "host" in bait.row:
        roles["host"] = bait.row["host"].partition(":")[0]
        if ":" in bait.row["host"]:
            roles.setdefault("port", bait.row["host"].rpartition(":")[2])
    for role, text in _of_url(roles.get("url", "")):
        roles.setdefault(role, text)
    if "password" in roles:
        roles.setdefault("secret", roles["password"])
    roles.pop("", None)
    return BaitValues(kind, given, roles, bait.files, bait.text, tokens)


def _strong(bait: Bait) -> Iterator[Token]:
    yield from (token for token in bait.tokens if not token.weak)
    for _, part in bait.parts:
        yield from _strong(part)


def _assigned(text: str) -> tuple[Value, ...]:
    """The assignments of a snippet that holds nothing else."""
    found = []
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _ASSIGNMENT.fullmatch(line.strip())
        if not match:
            return ()
        name, raw = match[1], match[2].strip()
        bare = raw[1:-1] if len(raw) > 1 and raw[0] == raw[-1] and raw[0] in "'\"" else raw
        found.append(Value(name, role_of(name, bare), bare))
    return tuple(found)


def _telling(values: tuple[Value, ...], tokens: tuple[str, ...]) -> tuple[Value, ...]:
    """Those that carry a token, and their service's others: what makes a whole ``.env`` look full stays out."""
    kept = {value.name.split("_")[0] for value in values if any(token in value.text for token in tokens)}
    return tuple(value for value in values if value.name.split("_")[0] in kept)


def _of_row(kind: str, bait: Bait, tokens: tuple[str, ...]) -> Iterator[Value]:
    """The row's columns that say something a setting could say, named after the bait's stem or its kind."""
    parts = words(bait.stem) or words(kind) or ("service",)
    while not bait.stem and len(parts) > 1 and parts[-1] in _FAMILY:
        parts = parts[:-1]
    said: set[str] = set()
    links = [text for column, text in bait.row.items() if role_of(column, text) == "url"]
    for column, text in bait.row.items():
        role = role_of(column, text)
        if not role or "\n" in text or " " in text:
            continue
        if text in said or (role == "host" and any(text in link for link in links)):
            continue
        if role == "url" and text != max(links, key=lambda link: sum(token in link for token in tokens)):
            continue
        said.add(text)
        column = "token" if column == "secret" else column
        name = words(column) if words(column)[0] == parts[0] else (*parts, *words(column))
        yield Value("_".join(word for n, word in enumerate(name) if word not in name[:n]).upper(), role, text)


def _of_url(url: str) -> Iterator[tuple[str, str]]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return
    if parts.username:
        yield "user", unquote(parts.username)
    if parts.password:
        yield "password", unquote(parts.password)
    if parts.hostname:
        yield "host", parts.hostname
    if port:
        yield "port", str(port)
    if parts.scheme and not parts.scheme.startswith("http") and parts.path.strip("/"):
        yield "database", parts.path.strip("/")
