"""Programs' own files: what they read of one is what they read of it before, to the last entry."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from canaries.core.errors import PlantError
from canaries.plant.formats import format_of
from canaries.plant.formats._closed import named_as_settings
from canaries.plant.formats._text import document
from tests.canaries.plant.formats.forms import planted

CLOSED = {  # as their documentation shows them, with made-up values
    ".yarnrc.yml npm-token": "npmScopes:\n  acme:\n    npmRegistryServer: https://a.example\n    npmAuthToken: b\n",
    ".cargo/config.toml url": '[registries.acme]\nindex = "sparse+https://a.example/index/"\n',
    "uv.toml pip-conf": '[pip]\nindex-url = "https://pypi.acme.example/simple"\n',
    "ruff.toml stripe-key": 'line-length = 100\n[lint]\nselect = ["E"]\n',
    "clippy.toml stripe-key": 'msrv = "1.70"\n',
    "daemon.json stripe-key": '{"tlskey": "/etc/key.pem", "registry-url": "https://x.example", "debug": true}\n',
    ".eslintrc.json stripe-key": '{"root": true, "env": {"browser": true, "node": true}}\n',
    ".eslintrc.yml stripe-key": "root: true\nenv:\n  browser: true\n  node: true\n",
    "elasticsearch.yml elasticsearch-url": "cluster.name: a\nxpack.security.http.ssl.keystore.password: b\n",
    "kibana.yml elasticsearch-url": "elasticsearch.username: kibana\nelasticsearch.password: placeholder\n",
    "cassandra.yaml mysql": "cluster_name: a\nserver_encryption_options:\n  keystore_password: x\n",
    "telegraf.toml stripe-key": '[outputs.http]\nurl = "https://a.example/x"\nusername = "a"\npassword = "b"\n',
    "php-fpm.d/www.conf mysql": "[www]\nuser = www-data\nlisten = /run/php.sock\nenv[DB_PASSWORD] = placeholder\n",
    "wg0.conf wireguard": "[Interface]\nPrivateKey = a\n[Peer]\nPublicKey = b\nEndpoint = a.example:51820\n",
    "wireguard/office.conf stripe-key": "[Interface]\nPrivateKey = placeholder\nAddress = 192.0.2.2/24\n",
    "pacman.conf stripe-key": "[options]\nArchitecture = auto\n[core]\nInclude = /etc/pacman.d/mirrorlist\n",
    "pgbouncer.ini postgres-url": "[databases]\napp = host=h user=a password=b\n[pgbouncer]\nlisten_port = 1\n",
    "rsyncd.conf stripe-key": "[backup]\npath = /srv/backup\nsecrets file = /etc/rsyncd.secrets\n",
    "dnf.conf netrc": "[main]\ngpgcheck=1\nproxy_username=a\nproxy_password=placeholder\n",
    "yum.repos.d/acme.repo netrc": "[acme]\nname=A\nbaseurl=https://a.example/\nusername=a\npassword=b\n",
    "manager.conf stripe-key": "[general]\nenabled = yes\n[admin]\nsecret = placeholder\nwrite = all\n",
    "gh/hosts.yml gh-hosts": "github.com:\n    user: jo\n    oauth_token: placeholder\n",
    "inventory.yml ssh-key": "all:\n  hosts:\n    web1:\n      ansible_password: x\n",
    "inventories/prod.yml stripe-key": "web:\n  hosts:\n    web1:\n      api_key: x\n",
    "unheard-of.conf mysql": "[a]\nuser = b\npassword = placeholder\nhost = db.example.org\n",
}


@pytest.mark.parametrize("form", CLOSED)
def test_nothing_more_is_read_of_it(form: str) -> None:
    path, kind = form.split()
    before = CLOSED[form]
    try:
        _, after = planted(path, before.encode(), kind)
    except PlantError as error:
        assert error.hint  # noqa: PT017  either way is right: strict JSON takes no comments
        return
    chosen = format_of(document(PurePath(path), before.encode()))
    assert chosen.read(after.decode()) == chosen.read(before)


@pytest.mark.parametrize("name", ["manager.conf", "php-fpm.d/www.conf", "pgbouncer.ini"])
def test_comments_are_marked_as_the_files_programs_mark_them(name: str) -> None:
    _, after = planted(name, b"[a]\nsecret = x\n", "stripe-key")
    assert b"\n; secret = sk_live" in after
    assert b"#" not in after


def test_the_files_own_mark_comes_first() -> None:
    assert b"\n; STRIPE" in planted("pacman.conf", b"[a]\n; note\nb = 1\n", "stripe-key")[1]
    assert b"\n# STRIPE" in planted("pgbouncer.ini", b"[a]\n# note\nb = 1\n", "stripe-key")[1]


def test_an_applications_settings_take_entries_still() -> None:
    assert named_as_settings("app.conf")
    assert named_as_settings("my-settings.prod")
    assert not named_as_settings("pacman.conf")
    assert b"\nsecret_key" in planted("settings.conf", b"[a]\nb = 1\n", "stripe-key")[1]


def test_another_host_or_alias_is_still_one_more() -> None:
    composed, _ = planted(
        "poetry.toml", b'[repositories.acme]\nurl = "https://a.example/simple/"\n', "pypirc"
    )
    assert "repositories.acme" in composed.said


def test_what_only_its_folder_tells_is_known_too() -> None:
    tokens = b'[registries.own]\ntoken = "x"\n'
    composed, _ = planted(".cargo/credentials.toml", tokens, "stripe-key")
    assert composed.said.startswith("as a commented old value")
    composed, _ = planted("deploy/credentials.toml", tokens, "stripe-key")
    assert not composed.said.startswith("as a commented old value")
