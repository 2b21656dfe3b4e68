"""The graph of an RO-Crate: flat entities with relative ids, each reference checked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from tamis.domain.errors import BadInput

__all__ = ["Entity", "Graph", "local", "path_id", "ref", "refs"]

Entity = dict[str, object]


def local(kind: str, name: str) -> str:
    """Return the id of a thing that is no file: a fragment of the crate.

    Examples
    --------
    >>> local("value", "v:a/b#2")
    '#value/v%3Aa%2Fb%232'
    """
    return f"#{kind}/{quote(name, safe='')}"


def path_id(path: str) -> str:
    """Return the id of a file: its path as a relative reference."""
    return quote(path, safe="/")


def ref(name: str) -> Entity:
    """Return a reference to an entity."""
    return {"@id": name}


def refs(names: Iterable[str]) -> list[Entity]:
    """Return references without repetition, in order."""
    return [ref(name) for name in dict.fromkeys(names)]


class Graph:
    """Entities by id. Mutable while a crate is described, then written once."""

    def __init__(self) -> None:
        self._entities: dict[str, Entity] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._entities

    def add(self, at: str, types: str | tuple[str, ...], /, **properties: object) -> str:
        """Enter an entity and return its id; empty properties are left out.

        A property ``prov_used`` is written ``prov:used``, ``oa_exact`` is written ``oa:exact``.

        Raises
        ------
        BadInput
            When another entity has the same id.
        """
        entity: Entity = {"@id": at, "@type": list(types) if isinstance(types, tuple) else types}
        for key, value in properties.items():
            if value is not None and value not in ("", [], ()):
                entity[_key(key)] = value
        known = self._entities.setdefault(at, entity)
        if known != entity:
            raise BadInput(
                f"two things of the bundle are called {at}", "give each thing its own id"
            )
        return at

    def written(self, context: object, first: tuple[str, ...]) -> bytes:
        """Return the crate as JSON-LD: sorted, the entities named in ``first`` before all others.

        Raises
        ------
        BadInput
            When an entity refers to one that is not there.
        """
        for name, entity in self._entities.items():
            for target in _targets(entity):
                if target not in self._entities and not _outside(target):
                    raise BadInput(
                        f"{name} of the bundle refers to {target}, which is nowhere in it",
                        "describe every thing that is referred to",
                    )
        rest = sorted(name for name in self._entities if name not in first)
        graph = [self._entities[name] for name in (*first, *rest)]
        made = {"@context": context, "@graph": graph}
        text = json.dumps(made, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
        return text.encode() + b"\n"


def _key(name: str) -> str:
    prefix, _, rest = name.partition("_")
    return f"{prefix}:{rest}" if prefix in ("prov", "oa", "rdf") and rest else name


def _targets(value: object) -> Iterator[str]:
    """Yield the ids that an entity's properties refer to."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "@id" and len(value) == 1:
                yield str(inner)
            elif key not in ("@id", "@type"):
                yield from _targets(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _targets(inner)


def _outside(name: str) -> bool:
    """Tell whether a reference leads to the specification itself, which no crate holds."""
    return name.startswith("https://w3id.org/ro/crate/")
