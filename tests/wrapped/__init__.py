"""Tokens as programs of others wrap them, one file a sort of place: what the decoders' own tests do not make."""
