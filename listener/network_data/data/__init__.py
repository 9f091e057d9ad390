"""The shipped look-up data; SOURCES.md says where it comes from, `listener.facts._data` opens it."""
