"""The command line of the generator half: one file a command, found because it is in the folder."""
