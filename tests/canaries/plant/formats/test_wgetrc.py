"""Wget's defaults."""

from __future__ import annotations

from tests.canaries.plant.formats.forms import text_after


def test_an_old_login_is_in_wgets_own_words() -> None:
    after = text_after(".wgetrc", "timestamping = on\n", "ftp-credentials")
    assert "\n# ftp_user = " in after
    assert "\n# ftp_password = " in after
