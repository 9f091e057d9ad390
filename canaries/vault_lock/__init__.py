"""The vault key under a passphrase or under shares: encrypted at rest, in memory only while the vault is unlocked."""
