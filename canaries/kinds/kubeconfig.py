"""A kubeconfig for a cluster that is a trap, with a service account's token and the installation's own CA inside."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal
from uuid import UUID

from canaries.core.errors import MintError
from canaries.core.model import Bait, BaitFile, Token
from canaries.core.render import render
from canaries.crypto.seeded_random import BASE36, URLSAFE, SeededRandom
from canaries.kinds import Kind, Order

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

    auth: Literal["token", "certificate"] = "token"
    """``certificate``: a client certificate of the installation's CA, not the token; the HTTP trap must ask for it
    (``traps.http.client_certificates``)."""
    cluster: str = ""
    """Name of cluster and context; empty: one of the usual ones."""
    namespace: str = ""
    """Of the service account; empty: one of the usual ones."""


class Kubeconfig(Kind):
    name: ClassVar[str] = "kubeconfig"
    service: ClassVar[str] = "k8s"
    title: ClassVar[str] = "A kubeconfig with a token and its own CA, for a cluster that is a trap"
    fired_by: ClassVar[str] = (
        "kubectl, the Kubernetes libraries and what is built on them: the token comes in clear (Bearer), "
        "with what they want in the path and kubectl's command in a header. The file brings its own CA: no "
        "public certificate needed. With auth=certificate the user's name comes in the TLS handshake "
        "instead, where the trap asks for it."
    )
    plant_hint: ClassVar[str] = (
        "As ~/.kube/config of an administrator or a CI runner, or in a repository's history."
    )
    try_hint: ClassVar[str] = (
        "KUBECONFIG=.kube/config kubectl get secrets -A\ncurl -k {credentials} {url}/api"
    )
    Options: ClassVar[type[Any]] = KubeconfigOptions

    def mint(self, order: Order, options: KubeconfigOptions) -> Bait:
        stream, site = order.stream, order.site()
        cluster = _name(options.cluster or stream.pick("cluster", _CLUSTERS), "cluster")
        namespace = _name(options.namespace or stream.pick("namespace", _NAMESPACES), "namespace")
        account = stream.pick("account", _ACCOUNTS)
        # Over plain http kubectl keeps its credentials back.
        row = {"url": site.secure_url, "host": site.host, "namespace": namespace, "user": account}
        if options.auth == "token":
            token = Token("token", _jwt(stream, namespace, account))
            shown = {"token": token.value}
            row["credentials"] = f"-H 'Authorization: Bearer {token.value}'"
        else:
            token = Token("user", f"{account}-{stream.text('user', BASE36, 20)}")
            shown = _certificate(order, token.value)
            row |= {"user": token.value, "credentials": "--cert client.crt --key client.key"}
        text = render(
            "kinds/kubeconfig.j2",
            server=site.secure_url,
            ca=_base64(order.ca_pem),
            cluster=cluster,
            user=row["user"],
            namespace=namespace,
            credentials=shown,
        )
        file = BaitFile(".kube/config", text.encode())
        return Bait((token, *site.tokens), text, (file,), {**row, **shown}, stem="kube")


def _name(name: str, noun: str) -> str:
    if not name.replace("-", "").isalnum() or not name.isascii() or name.lower() != name or len(name) > 63:
        raise MintError(f"the {noun} has small letters, digits and hyphens only")
    return name


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _certificate(order: Order, user: str) -> dict[str, str]:
    """What a cluster's own CA gives an administrator: the name is the common name, the group the organisation."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    sign = order.signer.sign_client_certificate
    if sign is None:
        raise MintError("a client certificate needs the key of this installation's CA", hint="use auth=token")
    stream = order.stream
    key = ec.derive_private_key(1 + stream.below("client key", 2**255), ec.SECP256R1())
    begins = datetime.fromisoformat(order.created_at).replace(microsecond=0)
    begins -= timedelta(seconds=stream.between("age", 86_400, 150 * 86_400))
    pem = sign(key.public_key(), ("system:masters", user), stream.draw_bytes("serial", 16), begins)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return {"client-certificate-data": _base64(pem.decode()), "client-key-data": _base64(private.decode())}


def _jwt(stream: SeededRandom, namespace: str, account: str) -> str:
    signature = stream.text("signature", URLSAFE, 341) + stream.pick("last", "AQgw")
    return f"{_unsigned(stream, namespace, account)}.{signature}"


def _unsigned(stream: SeededRandom, namespace: str, account: str) -> str:
    """Header and claims of a long-lived service account token (kubernetes.io, "Managing Service Accounts")."""
    key = base64.urlsafe_b64encode(stream.draw_bytes("kid", 32)).rstrip(b"=").decode()
    prefix = "kubernetes.io/serviceaccount"
    claims = {
        "iss": "kubernetes/serviceaccount",
        f"{prefix}/namespace": namespace,
        f"{prefix}/secret.name": f"{account}-token-{stream.text('secret name', BASE36, 5)}",
        f"{prefix}/service-account.name": account,
        f"{prefix}/service-account.uid": str(UUID(bytes=stream.draw_bytes("uid", 16), version=4)),
        "sub": f"system:serviceaccount:{namespace}:{account}",
    }
    return f"{_part({'alg': 'RS256', 'kid': key})}.{_part(claims)}"


def _part(document: dict[str, str]) -> str:
    written = json.dumps(document, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(written).rstrip(b"=").decode()
