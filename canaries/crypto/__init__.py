"""Keys, sealed boxes, seeded randomness, token tags."""
