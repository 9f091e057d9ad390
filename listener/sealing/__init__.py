"""The log's order and its signed heads: sealing, checkpoints, and checking all of it."""
