"""Look-ups of watched records: taken in from a database's log, listed, reviewed; they raise no alarm."""
