"""Amazon Web Services: who am I (STS), which buckets (S3), and for everything else a user without the permission.

AWS STS API reference, GetCallerIdentity; S3 API reference, ListBuckets; "Common error types". The account is the one
that the access key id carries, as with real keys. Each service refuses in its own form.
"""

from __future__ import annotations

from typing import ClassVar

from canaries.content.checksums import aws_account
from canaries.core.clock import from_micros
from canaries.core.render import render
from canaries.crypto.seeded_random import BASE32, BASE36, BASE62, HEX, SeededRandom
from listener.personas import Answer, Persona, Request
from listener.personas._aws import AwsRequest, signed, wish

_USERS = ("deploy", "backup", "ci", "svc-reports", "terraform", "app-uploads", "data-sync", "monitoring")
_BUCKETS = ("backups", "logs", "uploads", "exports", "terraform-state", "reports", "assets", "archive")
_REST_JSON = frozenset(
    {"lambda", "eks", "batch", "glacier", "es", "apigateway", "kafka", "backup", "ecr-public"}
)
"""Services whose paths are resources and whose answers are JSON."""


class Sts(Persona):
    name: ClassVar[str] = "sts"
    order: ClassVar[int] = 20
    kinds = frozenset({"aws-key", "s3cmd", "rclone"})
    prefixless = "every path of a signed request is claimed"

    def claims(self, request: Request) -> bool:
        return signed(request)

    def answer(self, request: Request) -> Answer:
        wanted = wish(request)
        try:
            account = aws_account(wanted.key_id)
        except ValueError:
            return self._unknown(request, wanted)
        who = self.identity.stream(f"aws:{wanted.key_id}")
        user = f"{who.pick('user', _USERS)}{who.pick('suffix', ('', '-prod', '-eu', '-01'))}"
        arn = f"arn:aws:iam::{account}:user/{user}"
        if wanted.service == "sts" and wanted.action == "GetCallerIdentity":
            values = {"arn": arn, "user_id": f"AIDA{who.text('id', BASE32, 17)}", "account": account}
            return self._xml(request, 200, "aws-identity.xml", **values)
        if wanted.service == "s3" and wanted.action == "ListAllMyBuckets":
            owner, buckets = who.text("owner", HEX, 64), _buckets(who, request.at)
            return self._xml(request, 200, "s3-buckets.xml", owner=owner, user=user, buckets=buckets)
        return self._denied(request, wanted, arn)

    def _unknown(self, request: Request, wanted: AwsRequest) -> Answer:
        if wanted.service == "s3":
            message = "The AWS Access Key Id you provided does not exist in our records."
            return self._xml(request, 403, "s3-error.xml", code="InvalidAccessKeyId", message=message)
        if wanted.service == "ec2":
            message = "AWS was not able to validate the provided access credentials"
            return self._xml(request, 401, "ec2-error.xml", code="AuthFailure", message=message)
        message = "The security token included in the request is invalid."
        return self._refused(request, wanted, "UnrecognizedClientException", "InvalidClientTokenId", message)

    def _denied(self, request: Request, wanted: AwsRequest, arn: str) -> Answer:
        action = wanted.policy_action
        said = f"User: {arn} is not authorized to perform: {action}"
        because = f"because no identity-based policy allows the {action} action"
        if wanted.service == "s3":
            on = f' on resource: "{wanted.resource}"' if wanted.resource else ""
            return self._xml(
                request, 403, "s3-error.xml", code="AccessDenied", message=f"{said}{on} {because}"
            )
        if wanted.service == "ec2":
            message = f"You are not authorized to perform this operation. {said} {because}"
            return self._xml(request, 403, "ec2-error.xml", code="UnauthorizedOperation", message=message)
        return self._refused(request, wanted, "AccessDeniedException", "AccessDenied", f"{said} {because}")

    def _refused(
        self, request: Request, wanted: AwsRequest, exception: str, code: str, message: str
    ) -> Answer:
        """In JSON with a type (DynamoDB, Secrets Manager ...), in JSON with a header (Lambda ...), or in XML."""
        request_id = ("x-amzn-RequestId", self._request_id(request))
        content_type = request.header(b"content-type")
        if "x-amz-json" in content_type:
            kind = ("Content-Type", content_type.partition(";")[0][:40])
            return Answer.of_json(
                400, {"__type": exception, "Message": message}, request_id, kind, name=exception
            )
        if wanted.service in _REST_JSON:
            kind = ("x-amzn-ErrorType", exception)
            return Answer.of_json(
                403,
                {"Message": message},
                ("Content-Type", "application/json"),
                request_id,
                kind,
                name=exception,
            )
        namespace = f"https://{wanted.service or 'sts'}.amazonaws.com/doc/"
        return self._xml(request, 403, "aws-error.xml", code=code, message=message, namespace=namespace)

    def _xml(self, request: Request, status: int, template: str, **values: object) -> Answer:
        storage = template.startswith("s3-")
        request_id = self._request_id(request)
        if storage:
            request_id = request_id.replace("-", "")[:16].upper()
            values["host_id"] = self.identity.once("aws", request.seen).text("host", BASE62, 75) + "="
        body = render(f"personas/{template}", request_id=request_id, **values).encode()
        name = template.partition(".")[0]
        if not storage:
            headers = (("x-amzn-RequestId", request_id), ("Content-Type", "text/xml"))
            return Answer(status, headers, body, name)
        headers3 = (
            ("x-amz-request-id", request_id),
            ("x-amz-id-2", str(values["host_id"])),
            ("Content-Type", "application/xml"),
            ("Server", "AmazonS3"),
        )
        return Answer(status, headers3, body, name)

    def _request_id(self, request: Request) -> str:
        digits = self.identity.once("aws", request.seen).text("id", HEX, 32)
        return "-".join((digits[:8], digits[8:12], f"4{digits[13:16]}", f"a{digits[17:20]}", digits[20:]))


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
