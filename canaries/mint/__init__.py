"""Minting canaries, and the catalogue of what was minted."""
