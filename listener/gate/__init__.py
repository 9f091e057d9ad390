"""How a visitor comes in: sockets, the door and what it looks at, TLS, streams, conversations and datagrams."""
