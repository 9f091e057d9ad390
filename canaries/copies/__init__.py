"""Copies that name themselves: one data or document set to many recipients, and whose copy a leak is."""
