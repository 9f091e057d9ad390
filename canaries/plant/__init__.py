"""Planting bait: planters, files, rows of people, and the record of where bait is."""
