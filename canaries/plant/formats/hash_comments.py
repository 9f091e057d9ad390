"""Configurations in which every line that is no comment does something: a commented old value, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._lines import at_end, commented
from canaries.plant.formats._text import Document

_NAMES = re.compile(
    r"""nginx\.conf | sshd_config | sudoers | hosts | fstab | (?:dockerfile|containerfile)(?:\..+)?
    | .+\.dockerfile | makefile
    | gnumakefile | procfile | redis\.conf | postgresql\.conf | pg_hba\.conf | haproxy\.cfg
    | \.?muttrc | \.?msmtprc | \.mbsyncrc
    | \.?tmux\.conf | \.?inputrc | \.?wgetrc | \.?curlrc | \.htaccess | (?:httpd|apache2)\.conf | dnsmasq\.conf
    | resolv\.conf
    | ldap\.conf | \.?ldaprc | nslcd\.conf | krb5\.conf | mosquitto\.conf
    | \.gitignore | \.dockerignore | \.gitattributes
    | .+\.(?:vhost|ovpn|mk|rsc|netdev|rules|logrotate|gitignore) | (?:prometheus|alertmanager)\.rules
    | squid\.conf | rsyslog\.conf
    | proftpd\.conf | vsftpd\.conf | main\.cf | master\.cf | smb\.conf | ntp\.conf | chrony\.conf
    | unbound\.conf | \.screenrc
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
        likely = document.path.suffix.lower() in _INVENTORY_SUFFIXES
        return likely and _INVENTORY.search(document.text) is not None

    def read(self, text: str) -> Reading:
        """The lines that do something, each with whether the one before goes on into it."""
        found: dict[tuple[str, ...], bool] = {}
        continued = False
        for line in text.split("\n"):
            if line.strip() and (continued or not line.lstrip().startswith("#")):
                found[str(len(found)), line] = continued
            continued = line.endswith("\\") and (continued or not line.lstrip().startswith("#"))
        if re.search(r"^\s*[^#\n]*<<-?\s*['\"]?\w+", text, re.MULTILINE):
            raise ValueError("it has a heredoc, in which # is no comment")
        return found

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        values = wish.values.values
        if not values:
            return
        space = " " if re.search(r"^#[ \t]", document.text, re.MULTILINE) or "#" not in document.text else ""
        lines = [f"{value.name}={value.text}" for value in values]
        if document.name == "hosts" and "host" in wish.values.roles:
            lines = [f"{values[0].name.lower()} {wish.values.roles['host']}"]
        for splice, said in commented(document.text, lines, f"#{space}", wish.values):
            yield Composition((splice,), said)
        yield Composition(
            (at_end(document.text, [f"# {line}" for line in lines]),), "as a comment at the end"
        )
