"""A kubeconfig for a cluster of ours, with a service account's token and our own CA inside."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from canaries.errors import MintError
from canaries.kinds import Kind, Order
from canaries.model import Bait, BaitFile, Token
from canaries.render import render
from canaries.tokens import BASE36, URLSAFE, Stream

_CLUSTERS = ("prod", "production", "prod-eu", "core", "platform", "k8s-main", "apps", "internal")
_ACCOUNTS = (
    "deployer",
    "ci",
    "gitlab-runner",
    "argocd-manager",
    "cluster-admin",
    "backup",
    "jenkins",
    "terraform",
)
_NAMESPACES = ("kube-system", "ci", "deploy", "platform", "argocd", "ops", "default")


@dataclass(frozen=True, slots=True)
class KubeconfigOptions:
    """What ``--set`` may set."""

    cluster: str = ""
    """Name of cluster and context; empty: one of the usual ones."""
    namespace: str = ""
    """Of the service account; empty: one of the usual ones."""


class Kubeconfig(Kind):
    name: ClassVar[str] = "kubeconfig"
    title: ClassVar[str] = "A kubeconfig with a token and its own CA, for a cluster of ours"
    fired_by: ClassVar[str] = (
        "kubectl, helm, k9s, the Kubernetes libraries: the token comes in clear (Bearer), with what they want in the "
        "path and kubectl's command in a header. The file brings our own CA: no public certificate needed."
    )
    plant_hint: ClassVar[str] = (
        "As ~/.kube/config of an administrator or a CI runner, or in a repository's history."
    )
    try_hint: ClassVar[str] = (
        "KUBECONFIG=.kube/config kubectl get secrets -A\ncurl -k -H 'Authorization: Bearer {token}' {url}/api"
    )
    Options: ClassVar[type[Any]] = KubeconfigOptions

    def mint(self, order: Order, options: KubeconfigOptions) -> Bait:
        stream, site = order.stream, order.site()
        cluster = _name(options.cluster or stream.pick("cluster", _CLUSTERS), "cluster")
        namespace = _name(options.namespace or stream.pick("namespace", _NAMESPACES), "namespace")
        account = stream.pick("account", _ACCOUNTS)
        signature = stream.text("signature", URLSAFE, 341) + stream.pick("last", "AQgw")
        jwt = f"{_unsigned(stream, namespace, account)}.{signature}"
        # kubectl keeps its token back over plain http.
        text = render(
            "kinds/kubeconfig.j2",
            server=site.secure_url,
            ca=base64.b64encode(order.ca_pem.encode()).decode(),
            cluster=cluster,
            user=account,
            namespace=namespace,
            token=jwt,
        )
        row = {
            "token": jwt,
            "url": site.secure_url,
            "host": site.host,
            "namespace": namespace,
            "user": account,
        }
        return Bait(
            (Token("token", jwt), *site.tokens), text, (BaitFile(".kube/config", text.encode()),), row
        )


def _name(name: str, noun: str) -> str:
    if not name.replace("-", "").isalnum() or not name.isascii() or name.lower() != name or len(name) > 63:
        raise MintError(f"the {noun} has small letters, digits and hyphens only")
    return name


def _unsigned(stream: Stream, namespace: str, account: str) -> str:
    """Header and claims of a long-lived service account token (kubernetes.io, "Managing Service Accounts")."""
    key = base64.urlsafe_b64encode(stream.take("kid", 32)).rstrip(b"=").decode()
    prefix = "kubernetes.io/serviceaccount"
    claims = {
        "iss": "kubernetes/serviceaccount",
        f"{prefix}/namespace": namespace,
        f"{prefix}/secret.name": f"{account}-token-{stream.text('secret name', BASE36, 5)}",
        f"{prefix}/service-account.name": account,
        f"{prefix}/service-account.uid": str(UUID(bytes=stream.take("uid", 16), version=4)),
        "sub": f"system:serviceaccount:{namespace}:{account}",
    }
    return f"{_part({'alg': 'RS256', 'kid': key})}.{_part(claims)}"


def _part(document: dict[str, str]) -> str:
    written = json.dumps(document, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(written).rstrip(b"=").decode()
