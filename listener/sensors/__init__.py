"""Eyes inside: what sensors in the operator's own programs report, who may report, which messages were authorised."""
