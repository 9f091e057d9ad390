"""What belongs together and how it reads: incidents, their hits, notes and assessments."""
