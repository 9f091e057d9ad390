"""What concerns operators as such: enrolling a key, deeds that need two of them, erasing a record."""
