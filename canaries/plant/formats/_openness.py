"""Which mappings of a settings file take one more entry, and which belong to a program that knows all of its own.

A program that is strict refuses to start at a key it does not know; another acts upon every entry. What a file is for
shows in its outermost keys. There, only mappings that are made for the operator's own names take another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from canaries.plant.formats._tree import Node, walk

_CERTAIN = re.compile(
    r"""
    schema_config | apiVersion | AWSTemplateFormatVersion | openapi | swagger | asyncapi | stages | pipelines | orbs
    | scrape_configs | rule_files | inhibit_rules | receivers | exporters | entry[Pp]oints | limits_config | updates
    | parameters | framework | doctrine | monolog | twig | when@.+ | frameworkVersion | static_resources | ingress
    | tunnel | repos | (?:filebeat|metricbeat|heartbeat|auditbeat|output|cluster|node|xpack|elasticsearch|discovery)\..+
    | systemLog | homeassistant | default_config | esphome | site_name | containerDefinitions | taskDefinitionArn
    | compilerOptions | manifest_version | insecure-registries | registry-mirrors | log-driver | log-opts | cniVersion
    | rabbit_version | env_variables | runtime | disabled_plugins | pull_request_rules | runcmd | write_files | steps
    | jobs | services | source_directories | encryption_passcommand | encryption_passphrase | x-[a-z-]+""",
    re.VERBOSE,
)
"""Any one of these says what program's the file is."""
_LIKELY = frozenset(
    """networks volumes secrets configs workflows phases definitions trigger pool language script before_script
    after_script build_script test_script image alerting remote_write route groups ingester storage_config compactor
    sources sinks transforms imports security functions provider plugins network storage net processManagement
    replication service builders provisioners variables dependencies devDependencies folders presets rules projects
    datacenter data_dir builds rewrites redirects runs branding inputs on Resources Transform Outputs Globals
    resources outputs nav theme http tcp pipeline input output tasks includes env_file auth_enabled users groups
    package_update ssh_authorized_keys driver platforms verifier""".split()
)
"""Two of these, and nothing else but a name, do."""
_FILLING = frozenset({"version", "name", "description"})
_FREE = frozenset({"parameters", "custom", "vars", "params", "extra", "config"})
"""Mappings for names of the operator's own in files whose other names are the program's."""
_PROVIDERS = frozenset(
    "aws aws-native azure azure-native azuread gcp google-native kubernetes cloudflare digitalocean github docker tls"
    " random vault linode hcloud pulumi openstack postgresql mysql datadog auth0 okta snowflake".split()
)
"""What namespaces of Pulumi's settings a plug-in looks through, and refuses what it does not know."""
_NOT_AN_ENVIRONMENT = re.compile(
    r"auth|bearer|basic|digest|api_?key|oauth\d?|hawk|awsv\d|ntlm|cookies?|url_?encoded|form_?data|headers?|http_?headers|tags?|labels?|annotations?|matrix|build_?args|dimensions?|sysctls?|query_?params"
)
"""Names of lists and mappings that look like an environment, and what is in them is sent, matched or multiplied."""
_NOT_AN_ENVIRONMENT_ITSELF = re.compile(
    r"""include | exclude | args | parameters | params | filters? | options | matchers? | attributes | metadata
    | properties | limits | requests | resources | outputs | mappings | conditions | tolerations | query
    | rules | enum""",
    re.VERBOSE,
)
"""Those in which an environment may stand further in."""


def strict_keys(root: Node) -> bool:
    """Whether the outermost keys are those of a program that refuses, or acts upon, keys it does not know."""
    keys = [key for key, _, _ in root.entries]
    telling = set(keys) - _FILLING
    likely = len(telling) > 1 and telling <= _LIKELY
    return likely or any(_CERTAIN.fullmatch(key) for key in keys)


def free_maps(root: Node) -> Iterator[tuple[tuple[str, ...], Node]]:
    """Mappings for names of the operator's own, in a file that is strict otherwise."""
    for path, node in walk(root):
        plain = [value for _, _, value in node.entries if value.sort == "scalar"]
        free = (len(path) == 1 and path[0] in _FREE) or path[1:] == (
            "vars",
        )  # also of a play, one of several
        if free and node.sort == "map" and len(plain) * 2 >= len(node.entries) > 0:
            yield path, node


def may_be_environment(path: tuple[str, ...]) -> bool:
    """Whether what stands at ``path`` can be an environment, and not headers, labels or a matrix of builds."""
    bare = [re.sub(r"([a-z])([A-Z])", r"\1_\2", part).lower().replace("-", "_") for part in path]
    if any(_NOT_AN_ENVIRONMENT_ITSELF.fullmatch(part) for part in bare[-2:] if not part.isdigit()):
        return bool(bare) and bare[-1] in ("environment", "env", "variables")
    return not any(_NOT_AN_ENVIRONMENT.fullmatch(part) for part in bare)


def namespace(keys: list[str]) -> str | None:
    """What a new name among ``keys`` begins with: ``app:`` of Pulumi; empty for names without; None: nowhere."""
    if not keys or not all(re.fullmatch(r"[\w-]+:[\w.-]+(?::[\w.-]+)*", key) for key in keys):
        return ""
    own = [key.partition(":")[0] for key in keys if key.partition(":")[0] not in _PROVIDERS]
    return f"{own[-1]}:" if own else None
