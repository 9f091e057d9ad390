"""kubectl's configuration: a cluster, a user and a context more; the current context stays what it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from canaries.plant.formats import Composition, FileFormat, Reading, Wish
from canaries.plant.formats._text import Document, Splice
from canaries.plant.formats._tree import Place, made_of, reading
from canaries.plant.formats._yaml import is_json, parse, splice

_LISTS = ("clusters", "contexts", "users")


class KubeconfigFormat(FileFormat):
    name = "kubeconfig"
    title = "a kubeconfig"
    rank = 40
    comment: ClassVar[str] = "# "
    comments_unasked: ClassVar[bool] = False
    needs = "a cluster with its user (kubeconfig)"

    def claims(self, document: Document) -> bool:
        named = document.path.parent.name == ".kube" or "kubeconfig" in document.name.lower()
        text = document.text
        return named or ("kind: Config" in text and "clusters:" in text and "contexts:" in text)

    def read(self, text: str) -> Reading:
        roots = parse(text)
        if len(roots) != 1 or roots[0].sort != "map":
            raise ValueError("it is not one mapping")
        found = dict(reading(roots[0]))
        current = roots[0].get("current-context")
        found["(json)",] = is_json(text)
        found["(picked up)", "current-context"] = current.text if current else None
        return found

    def candidates(self, document: Document, wish: Wish) -> Iterator[Composition]:
        import yaml

        file = wish.values.file("config")
        own: dict[str, Any] = yaml.safe_load(file.content) if file and file.path.startswith(".kube/") else {}
        root = parse(document.text)[0]
        lists = {key: root.get(key) for key in _LISTS}
        if not all(key in own for key in _LISTS) or any(
            held is None or held.sort != "list" for held in lists.values()
        ):
            return
        own = _renamed(
            own, {name for held in lists.values() if held for one in held.items if (name := _name(one))}, wish
        )
        splices: list[Splice] = []
        for key in _LISTS:
            held = lists[key]
            if held is None or not (held.items or held.flow):
                return
            items = tuple(made_of(_ordered(one, held)) for one in own[key])
            splices.append(splice(document.text, Place(held, len(held.items) - 1, items=items)))
        yield Composition(
            tuple(splices), f"as context {own['contexts'][0]['name']}; the current context stays"
        )


def _name(item: Any) -> str:
    held = item.get("name")
    return held.text if held else ""


def _ordered(one: dict[str, Any], held: Any) -> dict[str, Any]:
    """``name`` first where the file's own entries begin with it."""
    first = held.items[0].entries[0][0] if held.items and held.items[0].entries else ""
    return {"name": one["name"], **one} if first == "name" else one


def _renamed(own: dict[str, Any], taken: set[str], wish: Wish) -> dict[str, Any]:
    """With names that are free, the same ones wherever they are meant."""
    cluster, user = own["clusters"][0], own["users"][0]
    context = own["contexts"][0]
    names = {name: _free(name, taken, wish) for name in (cluster["name"], user["name"])}
    label = f"{names[user['name']]}@{names[cluster['name']]}"
    return {
        "clusters": [{**cluster, "name": names[cluster["name"]]}],
        "users": [{**user, "name": names[user["name"]]}],
        "contexts": [
            {
                "context": context["context"]
                | {"cluster": names[cluster["name"]], "user": names[user["name"]]},
                "name": label,
            }
        ],
    }


def _free(name: str, taken: set[str], wish: Wish) -> str:
    return name if name not in taken else wish.free(lambda word: f"{name}-{word}", taken)
