"""The fsynced append-only file between front and back: all that the front ever writes."""
