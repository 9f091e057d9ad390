"""Files whose own programs refuse what they do not know, or act upon every entry: no entry of bait goes in there.

A linter stops at an unknown key, a search engine does not start, a package manager asks one more repository, Ansible
and ``gh`` try one more host, and a telephone system lets one more manager in. That the old values read the same says
nothing of it. What remains is a commented old value, where the format has comments.
"""

from __future__ import annotations

import re

from canaries.plant.formats._text import Document

_NAMES = re.compile(
    r"""
    \.yarnrc\.yml | uv\.toml | \.?(?:ruff|clippy|rustfmt|taplo|typos|cliff|deny|dprint)\.toml
    | rust-toolchain\.toml | (?:biome|deno)\.jsonc?
    | (?:turbo|nx|lerna|angular|renovate|firebase|cypress|cdk|app|skaffold)\.json | \.renovaterc.*
    | (?:ts|js)config.*\.json
    | \.?(?:eslint|stylelint|prettier|mocha|nyc|lintstaged|commitlint|release|jshint|swc)rc.*
    | jest\.config\.json | daemon\.json | (?:registries|storage|containers|policy)\.(?:conf|json)
    | cni.*\.conf.*
    | (?:elasticsearch|opensearch|opensearch_dashboards|kibana|logstash|cassandra|scylla|traefik)\.ya?ml
    | (?:traefik|telegraf|influxdb|vector|garage|config-v3)\.(?:toml|conf|ya?ml)
    | (?:metric|file|heart|audit|packet)beat\.ya?ml
    | (?:tempo|mimir|thanos|blackbox|promtail|alloy|otelcol)\.ya?ml | consul.*\.json | nomad.*\.json
    | caddy.*\.json | \.?golangci\.ya?ml | \.goreleaser\.ya?ml | \.rubocop\.ya?ml | \.yamllint.*
    | \.hadolint\.ya?ml | \.markdownlint.* | \.pre-commit.*\.ya?ml | \.readthedocs\.ya?ml | \.?codecov\.ya?ml
    | \.codeclimate\.ya?ml | buf(?:\.gen|\.work)?\.ya?ml
    | (?:kustomization|chart|helmfile|skaffold|galaxy|hiera|render|buildspec|appspec|amplify|mkdocs|conda)\.ya?ml
    | (?:hosts|inventory)\.ya?ml | \.condarc | sqlc\.ya?ml | lefthook\.ya?ml | docker-bake\.(?:json|hcl)
    | samconfig\.toml
    | (?:pgbouncer|php|php-cli|php-fpm|odbcinst|grafana)\.ini
    | ansible\.cfg | airflow\.cfg | \.boto
    | (?:gradle|maven)-wrapper\.properties | php-fpm\.conf | (?:yum|dnf|pacman|makepkg)\.conf
    | .+\.repo
    | (?:manager|sip|iax|pjsip|extensions|voicemail|ari|http|queues|users|asterisk|modules|rtp)\.conf
    | rsyncd\.conf | (?:jail|fail2ban)\.(?:conf|local) | sssd\.conf | .+\.nmconnection
    | (?:nagios|icinga|zoo|ks)\.cfg | wg\d*(?:-.+)?\.conf | \.?mypy\.ini | \.?pylintrc | \.editorconfig
    | \.flake8 | nuget\.config | (?:standalone|domain|host)(?:-.+)?\.xml | (?:web-)?fragment\.xml | mongo[ds]\.conf
    | mise(?:\..+)?\.toml | \.mise(?:\..+)?\.toml | containerd\.toml | buildkitd\.toml | config-template\.toml""",
    re.VERBOSE,
)
_FOLDERS = frozenset(
    """wireguard php-fpm.d pool.d yum.repos.d asterisk fail2ban jail.d netplan elasticsearch opensearch kibana logstash
    telegraf telegraf.d cassandra registries.conf.d traefik systemd network networkd.conf.d NetworkManager
    inventory inventories glab-cli containerd buildkit helix alacritty""".split()
)
_IN_FOLDERS = re.compile(
    r"supabase/config\.toml | \.cargo/(?:credentials|config)(?:\.toml)? | \.(?:sbt|ivy2)/\.credentials",
    re.VERBOSE,
)
"""Names that only their folder tells."""
_OWN = re.compile(
    r"""(?:^|[._-])(?:app|application|config|configuration|conf|settings?|secrets?|credentials?|creds|env|environment|vars|
    variables|local|prod|production|dev|development|staging|stage|test|database|db|params|parameters|keys?|tokens?|
    defaults?|options|site|main|service|server|client|backup|mail|smtp|override)(?:[._-]|$)""",
    re.VERBOSE,
)


def closed(document: Document) -> bool:
    """Whether the file is a program's own that takes no entry but those it knows."""
    folder, name = document.path.parent.name, document.name.lower()
    return folder in _FOLDERS or bool(_NAMES.fullmatch(name) or _IN_FOLDERS.fullmatch(f"{folder}/{name}"))


def named_as_settings(name: str) -> bool:
    """Whether ``name`` is one that an application gives its settings: then a section more is one more section."""
    return bool(_OWN.search(name.lower().rpartition(".")[0] or name.lower()))
