"""HTTP: the front's protocol and the back's reading of what it saw."""
