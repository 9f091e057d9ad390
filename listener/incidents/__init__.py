"""Which hits belong together and why, what operators wrote about them, and the queries over them."""
