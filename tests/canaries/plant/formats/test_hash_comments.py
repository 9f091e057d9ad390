"""Configurations in which each line acts: comments only, and not in the middle of a continued line."""

from __future__ import annotations

import re

import pytest

from canaries.core.errors import PlantError
from tests.canaries.plant.formats.forms import text_after


def test_nothing_but_comments_is_added() -> None:
    old = "Port 22\nPermitRootLogin no\n"
    after = text_after("sshd_config", old, "stripe-key")
    assert [line for line in after.splitlines() if not line.startswith("#")] == old.splitlines()


def test_a_continued_line_is_not_cut() -> None:
    old = "FROM x\nENV PASSWORD=1 \\\n    B=2\n"
    assert "ENV PASSWORD=1 \\\n    B=2\n" in text_after("Dockerfile", old, "stripe-key")


def test_a_heredoc_is_not_looked_into() -> None:
    with pytest.raises(PlantError, match="heredoc"):
        text_after("Dockerfile", "FROM x\nRUN <<EOF\necho\nEOF\n", "stripe-key")


def test_an_inventory_gets_no_host() -> None:
    old = "[web]\nweb1 ansible_host=192.0.2.10 ansible_password=x\n"
    after = text_after("inventory", old, "ssh-key")
    assert [line for line in after.splitlines() if not line.startswith("#")] == old.splitlines()


def test_a_comment_is_written_as_the_programs_settings_are() -> None:
    old = 'output {\n  elasticsearch {\n    password => "x"\n  }\n}\n'
    after = text_after("logstash.conf", old, "stripe-key")
    assert '\n    # stripe_secret_key => "sk_live_' in after


def test_a_proxy_gets_an_old_key_that_it_sent_on() -> None:
    nginx = 'location / {\n    proxy_set_header Authorization "Bearer a";\n    proxy_pass http://app;\n}\n'
    added = [line for line in text_after("nginx/app.conf", nginx, "jwt").splitlines() if "#" in line]
    assert added[0].startswith('    # proxy_set_header Authorization "Bearer eyJ')
    assert added[0].endswith('";')
    assert added[1].startswith("    # proxy_pass https://")
    assert added[1].endswith(";")
    caddy = "a.example.org {\n\treverse_proxy b {\n\t\theader_up X-Api-Key a\n\t}\n}\n"
    assert "\t\t# header_up X-Api-Key eyJ" in text_after("Caddyfile", caddy, "jwt")


def test_a_host_stands_behind_an_address_of_the_same_network() -> None:
    after = text_after("hosts", "127.0.0.1 localhost\n192.0.2.10 web1\n192.0.2.11 web2\n", "dns-name")
    assert "\n# 192.0.2.12 " in after


def test_hosts_of_ansible_are_no_hosts_5() -> None:
    after = text_after("hosts", "[web]\nweb1 ansible_host=192.0.2.10\n", "aws-key")
    assert re.search(r"^# AWS_SECRET_ACCESS_KEY=\S{40}$", after, re.MULTILINE)


def test_a_database_in_one_line_is_written_in_one_line() -> None:
    old = "driver = mysql\nconnect = host=a dbname=b user=c password=d\ndefault_pass_scheme = X\n"
    made = text_after("dovecot-sql.conf.ext", old, "mysql").splitlines()[2]
    assert re.fullmatch(r"# connect = host=\S+ dbname=\S+ user=\S+ password=\S+", made)
