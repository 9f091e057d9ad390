"""Building the shipped network data: packages, ranges, the MMDB writer. `tools.build_data` joins them."""
