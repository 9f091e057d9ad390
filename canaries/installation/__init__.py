"""One installation: its home folder, and the session in which a command works on it."""
