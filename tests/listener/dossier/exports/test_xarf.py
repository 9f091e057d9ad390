"""XARF's own validator accepts each report."""

from __future__ import annotations

import json

from listener.dossier.exports import ExchangeCase
from listener.dossier.exports.xarf import Xarf
from tests.listener.dossier.exports.conftest import made


def test_the_published_schema_accepts_it(exchanged: ExchangeCase) -> None:
    import xarf  # its parser of RFC 3987 takes seconds to build: not in every worker

    for case in (exchanged, made("", "not an address")):
        reports = [json.loads(line) for line in b"".join(Xarf().write(case)).splitlines()]
        assert len(reports) == 3
        for report in reports:
            assert not xarf.parse(report).errors
            assert "confidence" not in report, "that is a judgement, which no program makes here"
