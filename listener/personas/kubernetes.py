"""A Kubernetes API server that knows everybody and allows nobody anything.

kubernetes.io, "API concepts" and "Authenticating": discovery is answered, so that clients go on to what they came for;
that is then forbidden, in the server's own words, to the account that the token names.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Any, ClassVar
from uuid import UUID

from canaries.core.clock import from_micros
from canaries.crypto.seeded_random import HEX
from listener.personas import Answer, Persona, Request
from listener.protocol.identity import Identity

_RESOURCES: dict[str, tuple[tuple[str, str, bool, str], ...]] = {
    "": (
        ("configmaps", "ConfigMap", True, "cm"),
        ("endpoints", "Endpoints", True, "ep"),
        ("events", "Event", True, "ev"),
        ("namespaces", "Namespace", False, "ns"),
        ("nodes", "Node", False, "no"),
        ("persistentvolumeclaims", "PersistentVolumeClaim", True, "pvc"),
        ("persistentvolumes", "PersistentVolume", False, "pv"),
        ("pods", "Pod", True, "po"),
        ("secrets", "Secret", True, ""),
        ("serviceaccounts", "ServiceAccount", True, "sa"),
        ("services", "Service", True, "svc"),
    ),
    "apps": (
        ("daemonsets", "DaemonSet", True, "ds"),
        ("deployments", "Deployment", True, "deploy"),
        ("replicasets", "ReplicaSet", True, "rs"),
        ("statefulsets", "StatefulSet", True, "sts"),
    ),
    "batch": (("cronjobs", "CronJob", True, "cj"), ("jobs", "Job", True, "")),
    "networking.k8s.io": (("ingresses", "Ingress", True, "ing"),),
    "rbac.authorization.k8s.io": (
        ("clusterrolebindings", "ClusterRoleBinding", False, ""),
        ("clusterroles", "ClusterRole", False, ""),
        ("rolebindings", "RoleBinding", True, ""),
        ("roles", "Role", True, ""),
    ),
    "authorization.k8s.io": (
        ("selfsubjectaccessreviews", "SelfSubjectAccessReview", False, ""),
        ("selfsubjectrulesreviews", "SelfSubjectRulesReview", False, ""),
    ),
}
"""Group to (resource, kind, namespaced, short name)."""
_CORE = "|".join(resource for resource, _, _, _ in _RESOURCES[""])
_PATH = re.compile(
    rf"/(?:version|api|apis|livez|readyz|healthz|openapi/v[23](?:/.*)?|api/v1(?:/(?:watch/)?(?:{_CORE})(?:/.*)?)?"
    rf"|apis/[a-z0-9.-]{{1,100}}(?:/.*)?)/?\Z"
)
_WANTED = re.compile(
    r"/(?:api|apis/([^/]+))/[^/]+(?:/watch)?(?:/namespaces/([^/]+)(?=/.))?/([^/]+)(?:/([^/]+))?(?:/([^/]+))?"
)
_VERBS = {"POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}
_MINORS = (28, 29, 30, 31, 32, 33)
_SUBJECT = re.compile(r"system:serviceaccount:[a-z0-9-]{1,63}:[a-z0-9.-]{1,253}\Z")


class Kubernetes(Persona):
    name: ClassVar[str] = "kubernetes"
    order: ClassVar[int] = 55
    kinds = frozenset({"kubeconfig"})
    segments = frozenset({"api", "apis", "healthz", "livez", "openapi", "readyz", "version"})
    prefix = re.compile(r"/apis?/")

    def __init__(self, identity: Identity) -> None:
        super().__init__(identity)
        self._version = _version(identity)

    def claims(self, request: Request) -> bool:
        return _PATH.match(request.service_path) is not None and bool(
            request.authorization or request.certificate or "kube" in request.header(b"user-agent").lower()
        )

    def answer(self, request: Request) -> Answer:
        path, user = request.service_path.rstrip("/"), _user(request)
        if path == "/version":
            return self._json(request, 200, self._version, name="version")
        if user != "system:anonymous":
            document = _discovery(path, request)
            if document is not None:
                return self._json(request, 200, document, name="discovery")
            if request.method == "POST" and path.startswith("/apis/authorization.k8s.io/v1/"):
                return self._json(request, 201, _review(path), name="review")
        return self._json(request, 403, _forbidden(path, request.method, user), name="forbidden")

    def _json(self, request: Request, status: int, document: Any, *, name: str) -> Answer:
        audit = UUID(bytes=self.identity.once("kubernetes", request.seen).draw_bytes("audit", 16), version=4)
        headers = (
            ("Audit-Id", str(audit)),
            ("Cache-Control", "no-cache, private"),
            ("Content-Type", "application/json"),
        )
        return Answer.of_json(status, document, *headers, name=name)


def _version(identity: Identity) -> dict[str, str]:
    """As a managed cluster has it: a vendor's build, whose commit stands in no public list."""
    stream = identity.stream("kubernetes")
    minor = stream.pick("minor", _MINORS)
    built = from_micros(1_735_689_600_000_000 + stream.below("built", 600 * 86_400) * 1_000_000)
    return {
        "major": "1",
        "minor": f"{minor}+",
        "gitVersion": f"v1.{minor}.{stream.between('patch', 2, 12)}-eks-{stream.text('build', HEX, 7)}",
        "gitCommit": stream.text("commit", HEX, 40),
        "gitTreeState": "clean",
        "buildDate": built.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "goVersion": f"go1.{minor - 8}.{stream.between('go', 1, 12)}",
        "compiler": "gc",
        "platform": "linux/amd64",
    }


def _user(request: Request) -> str:
    """Whom the credential names; nothing is checked."""
    credential = request.credential
    if not credential:
        return _common_name(request.certificate) if request.certificate else "system:anonymous"
    if request.authorization[:6].lower() == "basic ":
        return credential.partition(":")[0][:128]
    claims = credential.split(".")[1:2]
    try:
        subject = json.loads(base64.urlsafe_b64decode(f"{claims[0]}==")).get("sub") if claims else ""
    except (ValueError, AttributeError, RecursionError):
        subject = ""
    return (
        subject
        if isinstance(subject, str) and _SUBJECT.match(subject)
        else "system:serviceaccount:default:default"
    )


def _common_name(der: bytes) -> str:
    """The user of a client certificate (kubernetes.io, "X.509 client certificates")."""
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    names = x509.load_der_x509_certificate(der).subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else "system:anonymous"


def _discovery(path: str, request: Request) -> dict[str, Any] | None:
    """The documents by which clients learn what there is to ask for."""
    if request.method != "GET":
        return None
    if path == "/api":
        address = {"clientCIDR": "0.0.0.0/0", "serverAddress": request.root.partition("://")[2]}
        return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": [address]}
    if path == "/apis":
        groups = [_group(name) for name in _RESOURCES if name]
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}
    group, version = (
        ("", "v1")
        if path == "/api/v1"
        else (path[6:].partition("/")[::2] if path[:6] == "/apis/" else ("-", ""))
    )
    if group not in _RESOURCES or version not in ("", "v1"):
        return None
    return _listed(group) if version else _group(group)


def _group(name: str) -> dict[str, Any]:
    version = {"groupVersion": f"{name}/v1", "version": "v1"}
    return {
        "kind": "APIGroup",
        "apiVersion": "v1",
        "name": name,
        "versions": [version],
        "preferredVersion": version,
    }


def _listed(group: str) -> dict[str, Any]:
    create_only = group == "authorization.k8s.io"
    verbs = ["create"] if create_only else ["create", "delete", "get", "list", "patch", "update", "watch"]
    resources = [
        {
            "name": name,
            "singularName": kind.lower(),
            "namespaced": namespaced,
            "kind": kind,
            "verbs": verbs,
            **({"shortNames": [short]} if short else {}),
        }
        for name, kind, namespaced, short in _RESOURCES[group]
    ]
    return {
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": f"{group}/v1" if group else "v1",
        "resources": resources,
    }


def _review(path: str) -> dict[str, Any]:
    """``kubectl auth can-i``: nothing but asking."""
    rules = path.endswith("selfsubjectrulesreviews")
    asking = {
        "verbs": ["create"],
        "apiGroups": ["authorization.k8s.io"],
        "resources": ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
    }
    status = (
        {"resourceRules": [asking], "nonResourceRules": [], "incomplete": False}
        if rules
        else {"allowed": False}
    )
    kind = "SelfSubjectRulesReview" if rules else "SelfSubjectAccessReview"
    return {
        "kind": kind,
        "apiVersion": "authorization.k8s.io/v1",
        "metadata": {},
        "spec": {},
        "status": status,
    }


def _forbidden(path: str, method: str, user: str) -> dict[str, Any]:
    found = _WANTED.match(path)
    if found is None:
        verb = _VERBS.get(method, "get").replace("create", "post")
        message, details = f'forbidden: User "{user}" cannot {verb} path "{path}"', {}
    else:
        group, namespace, resource, name, below = found.groups()
        verb = _VERBS.get(method, "get" if name else "list")
        kind = f"{resource}/{below}" if below else resource
        where = f'in the namespace "{namespace}"' if namespace else "at the cluster scope"
        what = f"{resource}.{group}" if group else resource
        what = f'{what} "{name}"' if name else what
        asked = f'{verb} resource "{kind}" in API group "{group or ""}" {where}'
        message = f'{what} is forbidden: User "{user}" cannot {asked}'
        details = {
            **({"name": name} if name else {}),
            **({"group": group} if group else {}),
            "kind": resource,
        }
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "message": message,
        "reason": "Forbidden",
        "details": details,
        "code": 403,
    }
