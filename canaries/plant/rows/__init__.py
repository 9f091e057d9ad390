"""People into tables: columns, values like the neighbours', the row to insert."""
