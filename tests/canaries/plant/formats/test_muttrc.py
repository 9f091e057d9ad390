"""Mutt's settings."""

from __future__ import annotations

from tests.canaries.plant.formats.forms import text_after


def test_an_old_account_is_in_mutts_own_words() -> None:
    after = text_after(".muttrc", 'set from = "jo@example.org"\n', "imap-credentials")
    assert '# set folder = "imap' in after
    assert '# set imap_pass = "' in after


def test_a_submission_account_has_its_address_in_the_url() -> None:
    after = text_after(".muttrc", 'set smtp_pass = "x"\n', "smtp-credentials")
    assert '# set smtp_url = "smtp' in after
    assert "%40" in after
