"""Alerts: what is sent, when, through which channel, and the heartbeat."""
