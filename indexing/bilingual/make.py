"""Which Chinese and English words call the same thing? Writes indexing/bilingual/{zh,en}.tsv.

Run once when the sources change, in an environment of its own (the project does not need the package):

    pip install --no-deps emoji==2.16.0
    python -m indexing.bilingual.make

Names of pictographs are those of Unicode CLDR, by way of the package emoji; their notice is in NOTICE beside the
tables, and goes with them. more.tsv, beside it, and the lexicon are our own.
"""

import json
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import Final

from engine.understand.lexicon import load

#: English words of one Chinese one, at most.
MOST: Final = 6
#: Names of a thing of the lexicon that are not slang.
USUAL: Final = 3
_HAN: Final = re.compile(r"[\u4e00-\u9fff]{1,6}")
_LATIN: Final = re.compile(r"[a-z]+(?:[ -][a-z]+){0,2}")


def pictured(folder: Path) -> Iterator[tuple[str, str]]:
    """(Chinese, English) names of pictographs of one word each."""
    meant, said = (json.loads((folder / name).read_text("utf-8")) for name in ("emoji.json", "emoji_zh.json"))
    for sign, name in said.items():
        yield name.strip(":"), str(meant.get(sign, {}).get("en", "")).strip(":").replace("_", " ").lower()


def ours() -> Iterator[tuple[str, str]]:
    """The same of more.tsv, the commonest first."""
    for line in Path(__file__).with_name("more.tsv").read_text("utf-8").splitlines()[1:]:
        han, names = line.split("\t")
        yield from ((han, latin) for latin in names.split("|"))


def known() -> Iterator[tuple[str, str]]:
    """The same of the lexicon's things, each by its usual names; not of what one does with them ("骑马")."""
    doing = tomllib.loads(Path(__file__).parents[1].joinpath("openwords.toml").read_text("utf-8"))["doing"]
    for entry in load().entries.values():
        if entry.slot in ("category", "amenity"):
            yield from product([han for han in entry.zh[:USUAL] if han[0] not in doing], entry.en[:USUAL])


def main() -> None:
    """The three sources -> the tables."""
    spec = find_spec("emoji")
    if spec is None or spec.origin is None:
        sys.exit("there is no package emoji; install it as the first lines of this file say")
    found, back = defaultdict[str, dict[str, None]](dict), defaultdict[str, dict[str, None]](dict)
    for han, latin in (*ours(), *known(), *pictured(Path(spec.origin).parent / "unicode_codes")):
        if _HAN.fullmatch(han) and _LATIN.fullmatch(latin):
            if len(found[han]) < MOST:
                found[han][latin] = None
            back[latin][han] = None
    _write("zh", found)
    _write("en", back)


def _write(lang: str, found: Mapping[str, Iterable[str]]) -> None:
    """A line a word, in the order of their bytes (a reader bisects): word, its names in the other language."""
    lines = [f"{word}\t{'|'.join(names)}\n" for word, names in found.items() if names]
    Path(__file__).with_name(f"{lang}.tsv").write_bytes(b"".join(sorted(line.encode() for line in lines)))


if __name__ == "__main__":
    main()
