"""Conversations of bytes without sockets, and the codecs they use."""
