"""From journal to ledger: drain, match, derive facts, one transaction; quarantine for what fails."""
