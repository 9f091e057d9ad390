"""Configurations in which every line that is no comment does something: a commented old value, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._donor import fitted, link_like
from canaries.plant.formats._lines import after, at_end, commented
from canaries.plant.formats._text import Document
from canaries.plant.formats._values import role_of

_NAMES = re.compile(
    r"""nginx\.conf | sshd_config | sudoers | hosts | fstab | (?:dockerfile|containerfile)(?:\..+)?
    | .+\.dockerfile | procfile | postgresql\.conf | pg_hba\.conf | haproxy\.cfg
    | \.?msmtprc | \.mbsyncrc
    | \.?tmux\.conf | \.?inputrc | \.htaccess | (?:httpd|apache2)\.conf | dnsmasq\.conf
    | resolv\.conf
    | krb5\.conf
    | \.gitignore | \.dockerignore | \.gitattributes
    |   .+\.(?:vhost|mk|rsc|netdev|rules|logrotate|gitignore) | (?:prometheus|alertmanager)\.rules
    | squid\.conf | rsyslog\.conf | caddyfile | (?:logstash|fluent|fluent-bit|fluentd|td-agent)\.conf
    | spark-defaults\.conf(?:\.template)? | kong\.conf(?:\.default)?
    | wpa_supplicant(?:-.+)?\.conf | zabbix_(?:agentd?2?|server|proxy)\.conf | smtpd\.conf | sasl_passwd
    | tnsnames\.ora | (?:dovecot|postfix|vpnc|ddclient|inadyn|collectd|monit)\.(?:conf|cf|rc)
    | \.?(?:offlineimaprc|getmailrc) | (?:uwsgi|icecast|murmur|snmpd|racoon|ipsec|swanctl|strongswan)\.conf
    | slapd\.conf | (?:postgrey|openvpn|client|server)\.conf
    | proftpd\.conf | vsftpd\.conf | main\.cf | master\.cf | smb\.conf | ntp\.conf | chrony\.conf
    | unbound\.conf | \.screenrc
    | \.?(?:smb|cifs)[_-]?cred(?:ential)?s?(?:[_.-].+)?
    | dovecot-.+\.conf\.ext | nats(?:-server)?\.conf
    | jenkinsfile\.properties | (?:inventory|(?:ansible_)?hosts)(?:\.(?:ini|cfg))?""",
    re.VERBOSE,
)
_FOLDERS = {
    "sites-available",
    "sites-enabled",
    "conf.d",
    "sudoers.d",
    "sshd_config.d",
    "logrotate.d",
    "nginx",
    "modules-load.d",
}
_SUFFIXES = ("", ".conf", ".vhost", ".site", ".inc", ".cfg")
"""Of files that their folder alone tells: what has another name is of another format."""
_INVENTORY = re.compile(
    r"^\[[^\]\n]+:(?:vars|children)\]|^[^#;\[=\s][^=\s]*[ \t]+ansible_\w+[ \t]*=", re.MULTILINE
)
"""What stands in Ansible's hosts and in no other INI file."""
_INVENTORY_SUFFIXES = ("", ".ini", ".cfg", ".inventory", ".hosts")
_PAIR = re.compile(
    r"""(?P<lead>[ \t]*)(?P<set>(?:set|setenv)[ \t]+|)(?P<key>[A-Za-z][\w.-]*)(?P<sep>[ \t]*(?:=>|[=:])[ \t]*|[ \t]+)
    (?P<q>["']?)(?P<value>[^"'\s{}]+?)(?P=q)(?P<end>;?)[ \t]*""",
    re.VERBOSE,
)
"""One setting with one value."""
_SHARE = re.compile(
    r"^//(?P<host>[\w.-]+)/\S*[ \t]+\S+[ \t]+(?:cifs|smb3|smbfs)[ \t]+(?=\S*user(?:name)?=)(?=\S*pass(?:word)?=)\S.*$",
    re.MULTILINE,
)
"""mount.cifs(8) in fstab(5)."""
_RELAY = re.compile(
    r"^(?P<lead>\[?)(?P<host>[\w-]+(?:\.[\w-]+)+)(?P<mid>\]?(?::\d+)?[ \t]+)[^:\s]+:(?!//)\S+[ \t]*$",
    re.MULTILINE,
)
"""Postfix's smtp_sasl_password_maps."""
_HEADER = re.compile(
    r"""^(?P<lead>[ \t]*)
    (?P<head>(?:proxy_set_header|header_up|http-request[ \t]+(?:set|add)-header|RequestHeader[ \t]+set)[ \t]+
        ["']?[\w-]*(?:authorization|token|api-?key|secret)[\w-]*["']?[ \t]+)
    (?P<q>["']?)(?P<scheme>(?:bearer|token)[ \t]+|)[^"'\n;$%{}]+(?P=q)(?P<end>;?)[ \t]*$""",
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
"""A key that a proxy sends on: nginx, Caddy, HAProxy and Apache."""
_KEYWORDS = re.compile(
    r"^(?P<lead>[ \t]*)(?P<head>[\w.-]+[ \t]*=[ \t]*)(?P<value>(?:\w+=[^\s\"']+[ \t]+)+\w+=[^\s\"']+)[ \t]*$",
    re.MULTILINE,
)
"""A database of Dovecot's: ``connect = host=a user=b password=c``."""
_OTHER = re.compile(r"\s*(?:\{|<\?|<!DOCTYPE|-----BEGIN|#!|;|zend_extension|extension=)")
"""How files begin that are JSON, XML, PHP, a key, a program or PHP's settings."""


class HashCommentsFormat(FileFormat):
    name = "hash-comments"
    title = "a configuration with # comments"
    rank = 45  # before INI: a line in an inventory is a host, not a setting
    comment: ClassVar[str] = "# "

    def claims(self, document: Document) -> bool:
        if _NAMES.fullmatch(document.name.lower()):
            return True
        plain = document.path.suffix.lower() in _SUFFIXES and not _OTHER.match(document.text)
        if plain and document.path.parent.name in _FOLDERS:
            return True
        return document.path.suffix.lower() in _INVENTORY_SUFFIXES and _inventory(document)

    def read(self, text: str) -> Reading:
        """The lines that do something, each with whether the one before goes on into it."""
        found: dict[tuple[str, ...], bool] = {}
        continued = False
        for line in text.split("\n"):
            if line.strip() and (continued or not line.lstrip().startswith("#")):
                found[str(len(found)), line] = continued
            continued = line.endswith("\\") and (continued or not line.lstrip().startswith("#"))
        if re.search(r"^[^#\n]*<<-?\s*['\"]?\w+", text, re.MULTILINE):
            raise ValueError("it has a heredoc, in which # is no comment")
        return found

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        values = wish.values.values
        if not values:
            return
        yield from _single(document.text, wish)
        yield from _blocks(document.text, wish)
        space = " " if re.search(r"^#[ \t]", document.text, re.MULTILINE) or "#" not in document.text else ""
        lines = [f"{value.name}={value.text}" for value in values]
        if "=>" in document.text:  # Logstash
            lines = [f'{value.name.lower()} => "{value.text}"' for value in values]
        if document.name == "hosts" and "host" in wish.values.roles and not _inventory(document):
            lines = [f"{_address(document.text) or values[0].name.lower()} {wish.values.roles['host']}"]
        for splice, said in commented(document.text, lines, f"#{space}", wish.values):
            yield Composition((splice,), said)
        yield Composition(
            (at_end(document.text, [f"# {line}" for line in lines]),), "as a comment at the end"
        )


def _inventory(document: Document) -> bool:
    return _INVENTORY.search(document.text) is not None


def _address(text: str) -> str:
    """The address after the last one of hosts(5), on the same network; empty where it has none."""
    found = re.findall(r"^[ \t]*((?!127\.|255\.)\d+\.\d+\.\d+\.)(\d+)[ \t]", text, re.MULTILINE)
    if not found:
        return ""
    network, last = found[-1]
    taken = {int(host) for prefix, host in found if prefix == network}
    free = next((one for one in (*range(int(last) + 1, 255), *range(1, 255)) if one not in taken), 0)
    return f"{network}{free}" if free else ""


def _single(text: str, wish: Wish) -> Iterator[Composition]:
    """A line that is a login by itself (a share in fstab, a relay of Postfix), once more with the bait's values."""
    host, user, password = (wish.values.roles.get(role, "") for role in ("host", "user", "password"))
    secret = "" if password else wish.values.roles.get("secret", "")
    sent = _HEADER.finditer(text) if secret and not re.search(r"[\s\"';]", secret) else ()
    for match in reversed(list(sent)):
        quote, lead = match["q"], match["lead"]
        lines = [f"{lead}# {match['head']}{quote}{match['scheme']}{secret}{quote}{match['end']}"]
        if match["head"].startswith("proxy_set_header") and "url" in wish.values.roles:
            lines.append(f"{lead}# proxy_pass {wish.values.roles['url'].rstrip('/')};")
        yield Composition((after(text, match.start(), lines),), "as a commented old value beside its like")
    for match in reversed(list(_KEYWORDS.finditer(text))):
        if made := link_like(role_of("", match["value"]), match["value"], wish.values):
            lines = [f"{match['lead']}# {match['head']}{made}"]
            yield Composition(
                (after(text, match.start(), lines),), "as a commented old value beside its like"
            )
    if not (host and user and password) or re.search(r"[\s,:#]", user + password):
        return
    for match in reversed(list(_SHARE.finditer(text))):
        made = re.sub(
            r"(?<=username=)[^,\s]+|(?<=user=)[^,\s]+", user, match[0].replace(match["host"], host, 1)
        )
        made = re.sub(r"(?<=password=)[^,\s]+|(?<=pass=)[^,\s]+", password, made)
        yield Composition(
            (after(text, match.start(), [f"# {made}"]),), "as a commented old value beside its like"
        )
    for match in reversed(list(_RELAY.finditer(text))):
        made = f"# {match['lead']}{host}{match['mid']}{user}:{password}"
        yield Composition((after(text, match.start(), [made]),), "as a commented old value beside its like")


def _blocks(text: str, wish: Wish) -> Iterator[Composition]:
    """A paragraph that is a login (``Host``, ``User``, ``Pass``), once more with the bait's values, commented out."""
    lines, block = text.split("\n"), []  # type: list[str], list[tuple[int, re.Match[str]]]
    found: list[tuple[int, list[str]]] = []
    for number, line in enumerate([*lines, ""]):
        match = _PAIR.fullmatch(line)
        if match and not line.endswith("\\"):
            block.append((number, match))
            continue
        if line.lstrip().startswith("#") and block:
            continue
        if made := _block(block, wish):
            found.append((block[-1][0], made))
        block = []
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    for number, made in reversed(found):
        yield Composition((after(text, starts[number], made),), "as a commented old value beside its like")


def _block(block: list[tuple[int, re.Match[str]]], wish: Wish) -> list[str]:
    made = fitted([(match["key"], match["value"]) for _, match in block], wish.values)
    lines = []
    # in a block of words all of it belongs together; of assignments, what stands around a login does not
    roles = [number for number, (_, match) in enumerate(block) if role_of(match["key"], match["value"])]
    whole = all(not match["sep"].strip() for _, match in block)
    for one in made or []:
        if not whole and one.like >= 0 and not roles[0] <= one.like <= roles[-1]:
            continue
        like = block[max(one.like, 0)][1]
        key = (
            one.key
            if one.like >= 0
            else one.key.replace("_", "").capitalize()
            if like["key"][:1].isupper()
            else one.key
        )
        lines.append(
            f"{like['lead']}# {like['set']}{key}{like['sep']}{like['q']}{one.text}{like['q']}{like['end']}"
        )
    return lines
