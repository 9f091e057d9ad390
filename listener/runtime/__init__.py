"""The processes: supervisor, front, back."""
