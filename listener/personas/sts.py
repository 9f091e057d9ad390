"""Amazon Web Services: who am I (STS), which buckets (S3), and for everything else a user without the permission.

AWS STS API reference, GetCallerIdentity; S3 API reference, ListBuckets; "Common error types". The account is the one
that the access key id carries, as with real keys.
"""

from __future__ import annotations

import re
from typing import ClassVar
from urllib.parse import parse_qs, unquote_plus

from canaries.content.checksums import aws_account
from canaries.core.clock import from_micros
from canaries.core.render import render
from canaries.crypto.seeded_random import BASE32, BASE36, HEX, SeededRandom
from listener.personas import Answer, Persona, Request

_CREDENTIAL = re.compile(
    r"Credential=([A-Z0-9]{16,32})/\d{8}/(?:([A-Za-z0-9-]{1,32})/)?([a-z0-9.-]{1,64})/aws4_request"
)
_USERS = ("deploy", "backup", "ci", "svc-reports", "terraform", "app-uploads", "data-sync", "monitoring")
_BUCKETS = ("backups", "logs", "uploads", "exports", "terraform-state", "reports", "assets", "archive")


class Sts(Persona):
    name: ClassVar[str] = "sts"
    order: ClassVar[int] = 20

    def claims(self, request: Request) -> bool:
        return request.authorization.startswith("AWS4-") or "X-Amz-Credential=" in request.query

    def answer(self, request: Request) -> Answer:
        shown = request.authorization or unquote_plus(request.query).replace(
            "X-Amz-Credential=", "Credential="
        )
        scope = _CREDENTIAL.search(shown)
        try:
            key_id, service = (scope[1], scope[3]) if scope else ("", "")
            account = aws_account(key_id)
        except ValueError:
            return self._error(request, "s3" if scope and scope[3] == "s3" else "sts", "InvalidClientTokenId")
        who = self.identity.stream(f"aws:{key_id}")
        user = f"{who.pick('user', _USERS)}{who.pick('suffix', ('', '-prod', '-eu', '-01'))}"
        arn = f"arn:aws:iam::{account}:user/{user}"
        action = _action(request)
        if service == "sts" and action == "GetCallerIdentity":
            values = {"arn": arn, "user_id": f"AIDA{who.text('id', BASE32, 17)}", "account": account}
            return self._xml(request, 200, "aws-identity.xml", **values)
        if service == "s3" and request.method == "GET" and request.service_path == "/":
            owner, buckets = who.text("owner", HEX, 64), _buckets(who, request.at)
            return self._xml(request, 200, "s3-buckets.xml", owner=owner, user=user, buckets=buckets)
        return self._error(
            request, service, "AccessDenied", f"User: {arn} is not authorized to perform: {service}:{action}"
        )

    def _xml(self, request: Request, status: int, template: str, **values: object) -> Answer:
        storage = template.startswith("s3-")
        request_id = self._request_id(request)
        if storage:
            request_id = request_id.replace("-", "")[:16].upper()
        body = render(f"personas/{template}", request_id=request_id, **values).encode()
        names = ("x-amz-request-id", "application/xml") if storage else ("x-amzn-RequestId", "text/xml")
        return Answer(
            status, ((names[0], request_id), ("Content-Type", names[1])), body, template.partition(".")[0]
        )

    def _error(self, request: Request, service: str, code: str, message: str = "") -> Answer:
        message = message or "The security token included in the request is invalid."
        if service == "s3":
            code = "InvalidAccessKeyId" if code == "InvalidClientTokenId" else code
            return self._xml(request, 403, "s3-error.xml", code=code, message=message)
        # The JSON protocols: DynamoDB, Lambda, Secrets Manager ...
        if "json" in request.header(b"content-type"):
            code = "AccessDeniedException" if code == "AccessDenied" else "UnrecognizedClientException"
            headers = (
                ("x-amzn-RequestId", self._request_id(request)),
                ("Content-Type", "application/x-amz-json-1.1"),
            )
            return Answer.of_json(400, {"__type": code, "Message": message}, *headers, name=code)
        return self._xml(request, 403, "aws-error.xml", code=code, message=message)

    def _request_id(self, request: Request) -> str:
        digits = self.identity.once("aws", request.seen).text("id", HEX, 32)
        return "-".join((digits[:8], digits[8:12], f"4{digits[13:16]}", f"a{digits[17:20]}", digits[20:]))


def _action(request: Request) -> str:
    """What the client wants: the query protocol's field, or the JSON protocols' header; else the method."""
    target = request.header(b"x-amz-target").rpartition(".")[2]
    fields = parse_qs(request.body[:4096].decode("latin-1"), max_num_fields=None) or parse_qs(request.query)
    action = fields.get("Action", [target or request.method.title()])[0]
    return re.sub(r"[^A-Za-z0-9]", "", action)[:64] or "Unknown"


def _buckets(who: SeededRandom, at: int) -> list[tuple[str, str]]:
    """(name, when it was made) of two to four buckets."""
    prefix = who.text("prefix", BASE36[10:], 5)
    names = sorted(
        {f"{prefix}-{who.pick(f'bucket:{number}', _BUCKETS)}" for number in range(who.between("count", 2, 4))}
    )
    moments = [at - who.between(f"age:{name}", 90, 900) * 86_400_000_000 for name in names]
    return [
        (name, from_micros(max(moment, 0)).strftime("%Y-%m-%dT%H:%M:%S.000Z"))
        for name, moment in zip(names, moments, strict=True)
    ]
