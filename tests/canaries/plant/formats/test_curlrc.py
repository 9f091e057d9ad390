"""curl's defaults."""

from __future__ import annotations

from tests.canaries.plant.formats.forms import text_after


def test_a_token_goes_into_a_header() -> None:
    assert '# header = "Authorization: Bearer sk_live_' in text_after(".curlrc", "silent\n", "stripe-key")


def test_a_login_stands_beside_its_like() -> None:
    after = text_after(".curlrc", 'user = "jo:x"\nsilent\n', "ftp-credentials")
    assert after.startswith('user = "jo:x"\n# url = "ftp://')
