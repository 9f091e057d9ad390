"""The shapes of what travels from trap to dossier."""
