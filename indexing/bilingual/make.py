"""Which Chinese and English words call the same thing? Writes indexing/bilingual/{zh,en}.tsv.

Run once when the sources change, none of which the project needs otherwise:

    python -m indexing.bilingual.make /usr/share/wordnet wn-data-cmn.tab emoji.json emoji_zh.json

WordNet 3.0 (data.* and index.sense: Debian's wordnet-base and wordnet-sense-index), the Chinese Open Wordnet (its table
in github.com/omwn/omw-data), and names of pictographs from Unicode CLDR, as the package emoji holds them. Their notices
are in NOTICE beside the tables, and go with them. more.tsv, beside it, is our own.
"""

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

#: Senses of an English word that count, of the commonest first: nouns, and what things are like; and those up to which
#: the word is likely meant so.
SENSES: Final = {"n": 5, "a": 2}
SURE: Final = {"n": 2, "a": 1}
#: Nor is it likely meant so where that is a smaller share of its uses, of FEW at least ("well" is seldom a hole).
RARE, FEW = 0.1, 10
DOUBT: Final = 100
#: English words of one Chinese one, at most; those of their commoner senses first.
MOST: Final = 6
_TYPES: Final = {"1": "n", "3": "a", "5": "a"}
_HAN: Final = re.compile(r"[\u4e00-\u9fff]{1,6}")
_LATIN: Final = re.compile(r"[a-z]+(?:[ -][a-z]+){0,2}")


def english(folder: Path) -> dict[str, list[tuple[int, str]]]:
    """Synset -> its words, each with the number of that sense of it; DOUBT more where it is hardly meant so."""
    senses, said = dict[tuple[str, str], tuple[int, int]](), Counter[str]()
    for line in (folder / "index.sense").read_text("utf-8").splitlines():
        key, offset, *numbers = line.split()
        word, _, lexical = key.partition("%")
        number, count = map(int, numbers)
        said[word] += count
        if lexical[0] in _TYPES:
            senses[word, f"{offset}-{_TYPES[lexical[0]]}"] = number, count
    out = defaultdict(list)
    for (word, synset), (number, count) in senses.items():
        rare = said[word] >= FEW and count < RARE * said[word]
        if number <= SENSES[synset[-1]]:
            out[synset].append((number + DOUBT * (rare or number > SURE[synset[-1]]), word.replace("_", " ")))
    return out


def chinese(table: Path) -> Iterator[tuple[str, str]]:
    """(synset, word)."""
    for line in table.read_text("utf-8").splitlines()[1:]:
        synset, kind, word, *_ = line.split("\t")
        if kind.endswith("lemma"):
            yield synset, word.replace("+", "").removesuffix("的")


def pictured(names: Path, translated: Path) -> Iterator[tuple[str, str]]:
    """(Chinese, English) names of pictographs of one word each."""
    said, meant = (json.loads(path.read_text("utf-8")) for path in (translated, names))
    for sign, name in said.items():
        yield name.strip(":"), str(meant.get(sign, {}).get("en", "")).strip(":").replace("_", " ").lower()


def main() -> None:
    """The four sources -> the tables."""
    folder, table, names, translated = map(Path, sys.argv[1:])
    words, found = english(folder), defaultdict[str, dict[str, int]](dict)
    for han, latin in pictured(names, translated):
        found[han][latin] = 0
    for synset, han in chinese(table):
        for sense, latin in words.get(synset, ()):
            found[han][latin] = min(sense, found[han].get(latin, sense))
    for line in Path(__file__).with_name("more.tsv").read_text("utf-8").splitlines()[1:]:
        han, ours = line.split("\t")
        found[han] = dict.fromkeys(ours.split("|"), 1) | {n: s for n, s in found[han].items() if s > 1}
    back = defaultdict[str, dict[str, int]](dict)
    for han in filter(_HAN.fullmatch, found):
        found[han] = dict(sorted((p for p in found[han].items() if _LATIN.fullmatch(p[0])), key=_rank)[:MOST])
        for latin, sense in found[han].items():
            back[latin][han] = sense
    _write("zh", {han: words for han, words in found.items() if _HAN.fullmatch(han)})
    _write("en", back)


def _rank(pair: tuple[str, int]) -> tuple[int, str]:
    return pair[1], pair[0]


def _write(lang: str, found: Mapping[str, Mapping[str, int]]) -> None:
    """A line a word, in the order of their bytes (a reader bisects): word, its sure names, its doubtful ones."""
    lines = []
    for word, names in found.items():
        ranked = [
            sorted((p for p in names.items() if (p[1] > DOUBT) == doubtful), key=_rank) for doubtful in (False, True)
        ]
        if names:
            lines.append("\t".join([word, *("|".join(name for name, _ in part) for part in ranked)]) + "\n")
    Path(__file__).with_name(f"{lang}.tsv").write_bytes(b"".join(sorted(line.encode() for line in lines)))


if __name__ == "__main__":
    main()
