"""What bait and trap must agree on: SSH keys, OpenVPN, WireGuard, the CA, redirect links."""
