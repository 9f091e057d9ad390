"""CloudTrail's files, as a bucket holds them: ``*.json.gz``, each with the records of some minutes.

(AWS CloudTrail, "CloudTrail record contents".) A record may be in two files; it is taken in once.
"""

from __future__ import annotations

import msgspec

from listener.logs import LogRecord, LogSource, _json


class CloudTrail(LogSource):
    """Calls of the API with a key, in the accounts that the trail watches."""

    name = "cloudtrail"
    title = "CloudTrail's files (JSON or JSON.gz), in a folder"
    whole = True

    def record(self, raw: bytes) -> LogRecord | None:
        found = _json.parsed(raw)
        if found is None or not isinstance(found.get("eventName"), str):
            return None
        key = _json.text(found, "userIdentity", "accessKeyId")
        facts = {
            "event_id": _json.text(found, "eventID"),
            "region": _json.text(found, "awsRegion"),
            "service": _json.text(found, "eventSource"),
            "identity": _json.text(found, "userIdentity", "arn"),
            "error": _json.text(found, "errorCode"),
        }
        return LogRecord(
            "call",
            at=_json.text(found, "eventTime", limit=64),
            client=_json.text(found, "sourceIPAddress"),
            account=_json.text(found, "userIdentity", "userName", limit=256) or facts["identity"][:256],
            request=f"{facts['service']} {found['eventName']}"[:4096],
            user_agent=_json.text(found, "userAgent"),
            facts={name: value for name, value in facts.items() if value},
            strings=(key,) if key else (),
        )

    def split(self, document: bytes) -> list[bytes]:
        found = _json.parsed(document)
        records = found.get("Records") if found is not None else None
        if not isinstance(records, list):
            raise ValueError("it holds no Records")  # noqa: TRY004  the contract's word for: this is none
        return [msgspec.json.encode(one) for one in records]
