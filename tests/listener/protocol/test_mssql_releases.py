"""What releases of SQL Server tell of themselves."""

from __future__ import annotations

import re

from listener.protocol.mssql_releases import RELEASES

_TOLD = re.compile(
    r"Microsoft SQL Server 20(17|19|22) \(RTM-CU\d+(-GDR)?\) \(KB50\d{5}\) - \d+\.0\.\d{4}\.\d \(X64\) \n"
    r"\t[A-Z][a-z]{2} [ \d]\d 20\d\d \d\d:\d\d:\d\d \n\tCopyright \(C\) 20\d\d Microsoft Corporation\n"
    r"\tDeveloper Edition \(64-bit\) on Linux \(Ubuntu [\d.]+ LTS\)( <X64>)?"
)


def test_each_tells_its_own_update_build_and_day() -> None:
    for release in RELEASES:
        assert _TOLD.fullmatch(release.told), release.told
        assert release.version in release.told
    assert len({release.told for release in RELEASES}) == len(RELEASES)


def test_the_year_is_that_of_its_major_version() -> None:
    assert {(release.numbers[0], release.year) for release in RELEASES} == {
        (14, 2017),
        (15, 2019),
        (16, 2022),
    }
