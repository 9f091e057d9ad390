"""Jupyter notebooks: a code cell more at the end, which assigns names nobody uses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from canaries.core.text import counted
from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._json import parse, splice
from canaries.plant.formats._names import labelled
from canaries.plant.formats._text import Document
from canaries.plant.formats._tree import Place, made_of, reading


class NotebookFormat(FileFormat):
    """nbformat 4: from minor version 5 on each cell has an id."""

    name = "notebook"
    title = "a Jupyter notebook"
    rank = 40
    needs = "a list of cells"

    def claims(self, document: Document) -> bool:
        return document.name.lower().endswith(".ipynb")

    def read(self, text: str) -> Reading:
        parsed = json.loads(text)
        if not (isinstance(parsed, dict) and isinstance(parsed.get("cells"), list)):
            raise ValueError("it has no list of cells")  # noqa: TRY004  of the file, not of an argument
        return dict(reading(parse(text)))

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        text, values = document.text, wish.values.values
        cells = parse(text).get("cells")
        if cells is None or not values:
            return
        label = wish.label(lambda word: labelled(values[0].name, word, "upper") in text)
        source = [f"{labelled(v.name, label, 'upper')} = {json.dumps(v.text)}\n" for v in values]
        source[-1] = source[-1].rstrip("\n")
        like = next(
            (one for one in cells.items if (sort := one.get("cell_type")) and sort.text == "code"), None
        )
        cell: dict[str, Any] = {
            "cell_type": "code",
            "execution_count": None,
            "id": wish.values.tokens[-1].encode().hex()[:8] if wish.values.tokens else "c0ffee00",
            "metadata": {},
            "outputs": [],
            "source": source,
        }
        order = [key for key, _, _ in like.entries] if like else [key for key in cell if key != "id"]
        if like is not None and (held := like.get("source")) and held.sort == "scalar":
            cell["source"] = "".join(source)
        made = made_of({key: cell[key] for key in order if key in cell})
        place = Place(cells, len(cells.items) - 1, items=(made,))
        yield Composition(
            (splice(text, place),), f"as a cell that assigns {counted(len(values), 'name')}, at the end"
        )
