"""What kinds draw from: people, locales, documents, passwords, checksums."""
