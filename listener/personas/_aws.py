"""Which action a request to Amazon Web Services is, and on what, as its refusal names it.

S3 API reference (actions by method, bucket, key and sub-resource); "Actions, resources, and condition keys for AWS
services": some services are called otherwise in policies than in signatures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote

from listener.personas import Request

_CREDENTIAL = re.compile(
    r"Credential=([A-Z0-9]{16,32})/\d{8}/(?:([A-Za-z0-9-]{1,32})/)?([a-z0-9.-]{1,64})/aws4_request"
)
_OLDER = re.compile(r"AWS ([A-Z0-9]{16,32}):[A-Za-z0-9+/=]{8,64}\Z")
"""Signature version 2, as s3fs and old S3 clients fall back to."""
_OLDER_QUERY = re.compile(r"(?:\A|&)AWSAccessKeyId=([A-Z0-9]{16,32})(?:&|\Z)")
_BUCKET_HOST = re.compile(r"([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\.[a-z][a-z0-9]{15,39}\.[a-z0-9.-]+\Z")
"""BUCKET.LABEL.DOMAIN: virtual hosting, below a bait's own host name."""
_POLICY_NAMES = {
    "monitoring": "cloudwatch",
    "email": "ses",
    "api.ecr": "ecr",
    "tagging": "tag",
    "states": "states",
    "ses": "ses",
}
_BUCKET_ACTIONS = {
    "location": "GetBucketLocation",
    "acl": "GetBucketAcl",
    "policy": "GetBucketPolicy",
    "versioning": "GetBucketVersioning",
    "versions": "ListBucketVersions",
    "uploads": "ListBucketMultipartUploads",
    "tagging": "GetBucketTagging",
    "cors": "GetBucketCORS",
    "lifecycle": "GetLifecycleConfiguration",
    "encryption": "GetEncryptionConfiguration",
    "website": "GetBucketWebsite",
    "logging": "GetBucketLogging",
    "notification": "GetBucketNotification",
    "publicAccessBlock": "GetBucketPublicAccessBlock",
    "object-lock": "GetBucketObjectLockConfiguration",
}
_OBJECT_ACTIONS = {
    "GET": "GetObject",
    "HEAD": "GetObject",
    "PUT": "PutObject",
    "POST": "PutObject",
    "DELETE": "DeleteObject",
}
_REST = re.compile(r"/\d{4}-\d\d-\d\d/([a-z-]+)(/[^/]+)?|/(?:v\d/)?([a-z-]+)(/[^/]+)?")
_VERBS = {
    "GET": "List",
    "HEAD": "Get",
    "POST": "Create",
    "PUT": "Update",
    "DELETE": "Delete",
    "PATCH": "Update",
}


@dataclass(frozen=True, slots=True)
class AwsRequest:
    """What a request asks of which service, and who signed it."""

    key_id: str
    service: str
    """As the signature has it: ``s3``, ``sts``, ``monitoring``."""
    action: str
    """As a policy names it: ``ListBucket``."""
    resource: str = ""
    """Its ARN, of S3 only."""

    @property
    def policy_action(self) -> str:
        """``s3:ListBucket``"""
        return f"{_POLICY_NAMES.get(self.service, self.service)}:{self.action}"


def signed(request: Request) -> bool:
    """Whether a request carries a signature of either version."""
    shown = request.authorization
    return (
        shown.startswith(("AWS4-", "AWS "))
        or "X-Amz-Credential=" in request.query
        or bool(_OLDER_QUERY.search(request.query) and "Signature=" in request.query)
    )


def wish(request: Request) -> AwsRequest:
    """What is asked for; the key id is empty where none can be made out."""
    key_id, service = _signer(request)
    if service == "s3":
        return _storage(request, key_id)
    target = request.header(b"x-amz-target").rpartition(".")[2]
    fields = parse_qs(request.body[:4096].decode("latin-1")) or parse_qs(request.query)
    action = fields.get("Action", [target])[0] or _of_rest(request)
    return AwsRequest(key_id, service, re.sub(r"[^A-Za-z0-9]", "", action)[:64] or "Unknown")


def _signer(request: Request) -> tuple[str, str]:
    if older := _OLDER.match(request.authorization) or _OLDER_QUERY.search(request.query):
        return older[1], "s3"
    shown = request.authorization or unquote(request.query).replace("X-Amz-Credential=", "Credential=")
    scope = _CREDENTIAL.search(shown)
    return (scope[1], scope[3]) if scope else ("", "")


def _storage(request: Request, key_id: str) -> AwsRequest:
    """The bucket is in the path, or (virtual hosting) the first part of the host."""
    path = unquote(request.service_path).lstrip("/")
    host = request.header(b"host").partition(":")[0].lower()
    if (found := _BUCKET_HOST.match(host)) is not None:
        bucket, name = found[1], path
    else:
        bucket, _, name = path.partition("/")
    asked = {field.partition("=")[0] for field in request.query.split("&")}
    if not bucket:
        return AwsRequest(
            key_id, "s3", "ListAllMyBuckets" if request.method in ("GET", "HEAD") else "CreateBucket"
        )
    resource = f"arn:aws:s3:::{bucket[:63]}"
    if name:
        action = "AbortMultipartUpload" if request.method == "DELETE" and "uploadId" in asked else ""
        return AwsRequest(
            key_id,
            "s3",
            action or _OBJECT_ACTIONS.get(request.method, "GetObject"),
            f"{resource}/{name[:200]}",
        )
    if request.method in ("GET", "HEAD"):
        action = next((_BUCKET_ACTIONS[one] for one in sorted(asked) if one in _BUCKET_ACTIONS), "ListBucket")
    else:
        action = {"PUT": "CreateBucket", "DELETE": "DeleteBucket"}.get(request.method, "DeleteObject")
        what = next((_BUCKET_ACTIONS[one] for one in sorted(asked) if one in _BUCKET_ACTIONS), "")
        if what.startswith("Get") and request.method == "PUT":
            action = f"Put{what[3:]}"
    return AwsRequest(key_id, "s3", action, resource)


def _of_rest(request: Request) -> str:
    """``ListFunctions`` of ``GET /2015-03-31/functions/``; where there is something behind, ``GetFunction``."""
    found = _REST.match(request.service_path)
    if found is None:
        return ""
    what, one = (found[1] or found[3]), (found[2] or found[4] or "").strip("/")
    noun = "".join(word.title() for word in what.split("-"))
    verb = _VERBS.get(request.method, "Get")
    if one or verb == "Create":
        noun = noun.removesuffix("s")
        verb = "Get" if verb == "List" else verb
    return f"{verb}{noun}"
