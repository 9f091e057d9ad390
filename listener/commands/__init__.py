"""The command line of the catcher half; see `canaries.commands`."""
