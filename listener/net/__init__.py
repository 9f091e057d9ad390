"""Accepting connections and datagrams: sockets, TLS, PROXY headers, limits."""
