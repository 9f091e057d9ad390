"""Mailboxes at mail providers: what reaches a canary subscriber there, fetched by IMAP and taken in."""
