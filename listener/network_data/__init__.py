"""Network data: whose an address is and what sort of network, from files on this machine. Asks nobody outside.

``readers/`` knows the schemas that such files come in, `datasets` which files are in use and which are refused,
`library` adds and refreshes the operator's, ``data/`` is what Trapline ships (`tools.build_data` makes it).
"""
