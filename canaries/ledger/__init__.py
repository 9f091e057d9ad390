"""Everything that happens is an entry here: entries, Merkle tree, signed notes, sealer, checkpoints, verification."""
