"""How operators are told: what is worth a message, the durable outbox, the courier, and the way out."""
