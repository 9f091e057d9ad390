"""Following the logs of other programs: where reading stopped, rotation, and taking in what holds bait."""
