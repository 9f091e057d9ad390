"""Programs for those who work on Trapline; none of this is installed."""
