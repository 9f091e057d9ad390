"""The reading copy: a dossier's report as an accessible PDF (PDF/A-3a, PDF/UA-1), signed where that is asked for."""
