"""How long does the lexical index take, and is it exact, at any size and under any filter?

python -m benchmarks.lexical [--sizes 10000,100000,1000000] prints a table and keeps it (benchmarks/figures.json). The
indexes lie in the cache (benchmarks/roots.py) and are built where they are missing: a million texts take some minutes.
"""

import argparse
import shutil
from collections.abc import Iterator, Sequence
from resource import RUSAGE_SELF, getrusage
from time import process_time
from typing import Any, Final

import numpy as np

from api.printing import say
from api.training import read_judgments
from benchmarks import figures, roots
from benchmarks.corpora.texts import texts
from engine.types import I64, Mask, Query
from engine.understand.names import NameTable
from engine.understand.parse import understand
from indexing.sample import files
from indexing.text.index import LONGEST_QUERY, TextIndex
from indexing.vectors import machine

SIZES: Final = (10_000, 100_000, 1_000_000)
K: Final = 100
ROUNDS: Final = 3
#: Queries of a few words that a great many texts hold.
COMMON: Final = (
    "咖啡",
    "北京好吃的咖啡",
    "酒店服务很好",
    "一起吃饭的地方",
    "附近有什么好玩的",
    "good camera with display",
)


def index(count: int) -> TextIndex:
    """The index of so many texts, from the cache."""
    home = roots.cache() / f"lexical-{count}"
    if not (home / "params.index.json").exists():
        shutil.rmtree(home, ignore_errors=True)
        home.parent.mkdir(parents=True, exist_ok=True)
        TextIndex.build(texts(count, roots.SEED), home)
    machine.make()  # as where vectors have lists
    return TextIndex.open(home)


def queries() -> list[str]:
    """The words of the sample's judged queries as the parser leaves them and as they were typed, and common words."""
    asked = [judged.text for judged in read_judgments(files.judgments())]
    parsed = [understand(Query("", text), NameTable([]), roots.NOW).terms for text in asked]
    return [text for text in (*parsed, *asked, *COMMON) if text]


def masks(count: int) -> Iterator[tuple[str, Mask]]:
    """Filters that leave 100, 10, 1 and 0.1 % of the rows: any rows, and rows that lie together."""
    rng = np.random.default_rng(roots.SEED)
    yield "100 %", np.ones(count, bool)
    for share, name in ((0.1, "10 %"), (0.01, "1 %"), (0.001, "0.1 %")):
        yield f"{name}, scattered", rng.random(count) < share
        together = np.zeros(count, bool)
        start = int(rng.integers(0, int(count * (1 - share))))
        together[start : start + int(count * share)] = True
        yield f"{name}, together", together


def exact(index: TextIndex, text: str, allowed: Mask) -> I64:
    """The K best of the allowed rows, out of all rows sorted by their score with no word left out."""
    everything = index.search(text, np.ones(len(allowed), bool), len(allowed), most=len(allowed) * LONGEST_QUERY)
    return everything.rows[allowed[everything.rows]][:K]


def measure(index: TextIndex, asked: Sequence[str], allowed: Mask, check: int) -> dict[str, Any]:
    """CPU milliseconds of a search, the best of ROUNDS of all queries, and recall@K over every `check`-th query."""
    spent = np.array([[_timed(index, text, allowed) for text in asked] for _ in range(ROUNDS)]).min(axis=0)
    recall = []
    for text in asked[::check]:
        found, known = index.search(text, allowed, K), exact(index, text, allowed)
        if len(known):
            recall.append(np.count_nonzero(np.isin(found.rows, known)) / len(known))
    low, high, worst = np.percentile(spent, (50, 99, 100)).round(2).tolist()
    return {"p50 ms": low, "p99 ms": high, "max ms": worst, "recall@100": round(float(np.mean(recall)), 4)}


def _timed(index: TextIndex, text: str, allowed: Mask) -> float:
    start = process_time()
    index.search(text, allowed, K)
    return (process_time() - start) * 1000


def main() -> None:
    """Print and keep the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--check", type=int, default=10, help="measure recall on every so-and-so-many-th query")
    chosen = parser.parse_args()
    asked, rows = queries(), list[dict[str, Any]]()
    for size in map(int, chosen.sizes.split(",")):
        made = index(size)
        for name, allowed in masks(size):
            rows.append({"texts": size, "rows allowed": name} | measure(made, asked, allowed, chosen.check))
            say("  ".join(f"{column} {value}" for column, value in rows[-1].items()))
        on_disk = sum(path.stat().st_size for path in (roots.cache() / f"lexical-{size}").iterdir())
        say(f"{on_disk / size:.0f} bytes a text on disk; {getrusage(RUSAGE_SELF).ru_maxrss >> 10} MB resident at most")
    note = f"{len(asked)} queries, CPU time of one thread, best of {ROUNDS}; recall against all rows sorted."
    figures.record("lexical", f"python -m benchmarks.lexical --sizes {chosen.sizes}", rows, note)


if __name__ == "__main__":
    main()
