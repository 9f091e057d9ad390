"""Proofs that a client knows a secret without showing it, and what tells whether it does."""
