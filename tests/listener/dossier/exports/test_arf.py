"""A mail program reads each message as RFC 5965 has it: three parts, the middle one a feedback report."""

from __future__ import annotations

import email.policy
import json
import mailbox
from pathlib import Path

from listener.dossier.exports import ExchangeCase
from listener.dossier.exports.arf import Arf


def test_each_message_is_a_feedback_report(exchanged: ExchangeCase, tmp_path: Path) -> None:
    (tmp_path / "box").write_bytes(b"".join(Arf().write(exchanged)))
    box = mailbox.mbox(tmp_path / "box", create=False)
    found = list(box)
    box.close()
    assert len(found) == 3
    for raw in found:
        mail = email.message_from_bytes(raw.as_bytes(), policy=email.policy.default)
        assert mail.get_content_type() == "multipart/report"
        assert mail.get_param("report-type") == "feedback-report"
        text, report, data = mail.iter_parts()
        assert text.get_content_type() == "text/plain"
        assert "preserve your records" in text.get_content().replace("\n", " ")
        assert report.get_content_type() == "message/feedback-report"
        fields = dict(
            line.split(": ", 1) for line in report.as_string().split("\n\n", 1)[1].splitlines() if line
        )
        assert {"Feedback-Type", "User-Agent", "Version"} <= set(fields)
        assert fields["Source-IP"] == json.loads(str(data.get_payload()))["source_identifier"]
        assert mail["Subject"].endswith(fields["Source-IP"])
        assert mail["To"] is None, "the recipient is for a person to find"
