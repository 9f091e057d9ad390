"""The ground: errors, nouns, clock, text, files, settings, database, plug-ins, templates. Imports no other room."""
