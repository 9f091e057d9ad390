"""The operators' console: a few web pages over the casebook, on loopback only, never on a trap's port.

auth      the one-time link of the terminal becomes a session
security  which requests are let in at all, and the headers that every answer carries
view      how templates show times, ids and whatever a visitor sent
stream    new hits as server-sent events
pages/    one file a page area
server    the loopback socket and the threads behind it
"""
