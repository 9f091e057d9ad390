"""The command line of the generator half: one file a command, its ``command`` found because it is here."""
