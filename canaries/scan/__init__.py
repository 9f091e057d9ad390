"""Finding canaries in a dump."""
