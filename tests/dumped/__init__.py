"""What people dump tables, mail and folders as: a scan must find the address in each, or name what it did not read.

A form writes into an empty folder: two hundred people, and one more who has the address.
"""

from __future__ import annotations

from tests.dumped import documents, encoded, objects_as_text, objects_in_bytes, rows_as_text, sealed
from tests.dumped.making import Form

_FOUND = (rows_as_text, objects_as_text, objects_in_bytes, encoded, documents, sealed)
FOUND: dict[str, Form] = {name: make for module in _FOUND for name, make in module.FORMS.items()}
"""In each the address is found."""
NAMED: dict[str, Form] = encoded.NOT_WHOLE | sealed.NOT_WHOLE
"""Each is named as not read, or not whole."""
