"""Which words of an item are searched: as a vector, and in the lexical index?"""

import re
from collections.abc import Mapping
from typing import Any, Final

from engine.language import main_language
from engine.types import Kind
from indexing.columns.words import Naming
from indexing.items import TITLE

#: Characters of a body that are embedded: what the encoder reads at most, generously.
BODY_CAP: Final = 600
#: Attribute values without a word to search for.
_SILENT: Final = frozenset({"yes", "no", "true", "false"})
_NUMBER: Final = re.compile(r"[\d.,:/x× -]+")
_PLACE: Final = ("city", "district", "area")
_LISTS: Final = ("tags", "amenities", "topics", "cuisines", "dishes", "aliases")
_PLAIN: Final = ("brand", "category", "hotel_class", "metro", "address", "city", "district", "area")


def passage(kind: Kind, row: Mapping[str, Any], naming: Naming) -> str:
    """What the encoder reads: the name, what it is and where, then the body."""
    told = [*labels(row, naming), row.get("brand"), *(row.get(n) for n in _PLACE)]
    few = [v for n in ("cuisines", "tags") for v in (row.get(n) or ())[:8]]
    head = " ".join(dict.fromkeys(str(v) for v in [row[TITLE[kind]], *told, *few] if v))
    return f"{head}\n{(row.get('body') or '')[:BODY_CAP]}".strip()


def fields(kind: Kind, row: Mapping[str, Any], naming: Naming) -> dict[str, str]:
    """What the lexical index reads, by field of indexing.text.index.FIELDS."""
    words = [*labels(row, naming), *(row.get(n) for n in _PLAIN)]
    words += [v for n in _LISTS for v in row.get(n) or ()]
    tags = " ".join(dict.fromkeys(str(w) for w in words if w))
    title, body = str(row[TITLE[kind]]), row.get("body") or ""
    said = [str(v) for v in (row.get("attributes") or {}).values()]
    return {
        "all": f"{title}\n{tags}\n{body}",
        "title": title,
        "attributes": " ".join(v for v in said if v.casefold() not in _SILENT and not _NUMBER.fullmatch(v)),
    }


def labels(row: Mapping[str, Any], naming: Naming) -> list[str]:
    """The category in both languages, where the lexicon knows it."""
    raw = row.get("category")
    nodes = sorted(naming.nodes(raw)) if raw else []
    return [naming.label(node, lang) for node in nodes for lang in ("zh", "en")] or ([raw] if raw else [])


def language_of(kind: Kind, row: Mapping[str, Any]) -> str:
    """The language whose mean a document is centred by."""
    return main_language(" ".join(str(row.get(n) or "") for n in ("name", "title", "body")))
