"""The demo: a whole attack on loopback, with fake servers that receive its alerts."""
