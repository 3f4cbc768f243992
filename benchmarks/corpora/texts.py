"""Which texts does the lexical index hold in its benchmarks? Recombined from real sentences; nothing in them is real.

A text is a title, a category and a city (both Zipf distributed; rows are laid out by them, as in a segment) and two to
six sentences of one language, drawn from the bundled sample and, where it is beside the project, from the real data.
"""

import gzip
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.quality.data import folder
from indexing.sample.files import load_tables

#: File of the real data -> language, field of a title, field of sentences.
_REAL: Final = {
    "reviews_cn/dianping.jsonl.gz": ("zh", "ot", "s"),
    "reviews_cn/mafengwo.jsonl.gz": ("zh", "ot", "s"),
    "reviews_cn/baidu.jsonl.gz": ("zh", "ot", "s"),
    "recipes_cn/recipes.jsonl": ("zh", "title", "body"),
    "beijing/poi_text.jsonl": ("zh", "name", "intro"),
    "icecat/products.jsonl.gz": ("en", "title", "short_description"),
}
_ENDS: Final = re.compile(r"(?<=[。？！\n])|(?<=[.?!])\s")
# fmt: off
CITIES: Final = (
    "北京", "上海", "杭州", "成都", "广州", "深圳", "南京", "苏州",
    "武汉", "西安", "重庆", "长沙", "青岛", "厦门", "天津", "昆明",
)
CATEGORIES: Final = (
    "咖啡馆 cafe", "茶馆 teahouse", "火锅 hotpot", "烧烤 barbecue", "日料 japanese", "面馆 noodles", "甜品 dessert",
    "酒吧 bar", "公园 park", "博物馆 museum", "书店 bookshop", "酒店 hotel", "民宿 homestay", "露营 camping",
    "健身 gym", "护肤 skincare", "防晒 sunscreen", "香水 perfume", "耳机 headphones", "手机 phone", "相机 camera",
    "打印机 printer", "跑鞋 shoes", "帐篷 tent", "童车 stroller", "玩具 toy", "家具 furniture",
)
# fmt: on
Text = dict[str, str]


@cache
def pools() -> dict[str, tuple[list[str], list[str]]]:
    """Language -> (titles, sentences), each once and sorted."""
    found: dict[str, tuple[set[str], set[str]]] = {"zh": (set(), set()), "en": (set(), set())}
    rows = [(row["lang"], row.get("title") or row["name"], row["body"]) for t in load_tables().values() for row in t]
    for name, (lang, title, body) in _REAL.items():
        if (folder() / name).exists():
            rows += [(lang, row[title], row.get(body)) for row in _lines(folder() / name)]
    for lang, title, body in rows:
        titles, sentences = found["en" if lang == "en" else "zh"]
        titles.add(title)
        sentences.update(s.strip() for s in _ENDS.split(body or "") if len(s.strip()) > 1)
    return {lang: (sorted(titles), sorted(sentences)) for lang, (titles, sentences) in found.items()}


def texts(count: int, seed: int) -> Iterator[Text]:
    """`count` mappings field -> text (indexing.text.index.FIELDS), in row order; the same for the same seed."""
    rng = np.random.default_rng(seed)
    city, category = _zipf(rng, len(CITIES), count), _zipf(rng, len(CATEGORIES), count)
    order = np.lexsort((category, city))
    for row in order.tolist():
        titles, sentences = pools()["zh" if rng.random() < 0.75 else "en"]
        title = titles[rng.integers(len(titles))]
        said = [sentences[at] for at in rng.integers(0, len(sentences), rng.integers(2, 7))]
        yield {"title": title, "all": "\n".join([title, CATEGORIES[category[row]], CITIES[city[row]], *said])}


def _zipf(rng: np.random.Generator, kinds: int, count: int) -> Any:
    weights = 1 / np.arange(1, kinds + 1)
    return rng.choice(kinds, count, p=weights / weights.sum())


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """JSON objects, one or more a line."""
    decoder = json.JSONDecoder()
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in map(str.strip, lines):
            at = 0
            while at < len(line):
                row, at = decoder.raw_decode(line, at)
                yield row
                at += len(line) - at - len(line[at:].lstrip())
