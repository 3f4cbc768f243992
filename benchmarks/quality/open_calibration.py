"""When does a sentence speak of a thing that no lexicon knows? Where the levels of indexing/hearing.py are looked at.

`python -m benchmarks.quality.open_calibration` asks for each thing of open_development.toml in both languages among
the sentences of all, and prints by pair of languages how many are found, and how many others count. Names of some of
these things stand in indexing/bilingual/more.tsv: what crosses languages is found more here than elsewhere.
"""

import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from api.printing import say
from engine.language import main_language
from engine.ports import Encoder
from engine.types import Heard
from indexing.encode import BUNDLED, load_encoder
from indexing.openwords import said
from indexing.snapshot import Snapshot
from indexing.validate import to_table
from indexing.write import write_segment

THINGS: Final = Path(__file__).with_name("open_development.toml")
LANGUAGES: Final = ("zh", "en")
NOW: Final = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def measured(things: Sequence[Mapping[str, Any]], encoder: Encoder) -> dict[str, tuple[int, int, int]]:
    """Pair of languages -> sentences that are found, those that say so, and others that count."""
    notes = list(_notes(things))
    with TemporaryDirectory() as home:
        tables = {"note": to_table("note", notes)}
        write_segment(Path(home), tables, encoder, now=NOW, voices=True)  # type: ignore[arg-type]
        index = Snapshot.open(Path(home), "calibration", "1")
        out: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for number, thing in enumerate(things):
            for lang in LANGUAGES:
                found = _found(index, thing[lang], lang, encoder)
                for note in notes:
                    tally = out[f"{lang}-{main_language(note['body'])}"]
                    own = note["id"].startswith(f"{number}-yes-")
                    tally[0] += own and note["id"] in found
                    tally[1] += own
                    tally[2] += not own and note["id"] in found
        return {pair: (a, b, c) for pair, (a, b, c) in out.items()}


def _found(index: Snapshot, words: str, lang: str, encoder: Encoder) -> set[str]:
    """The notes that say yes."""
    heard = Heard(encoder.fingerprint, lang, encoder.encode([words], "query")[0])
    told = said(index.court, words, heard).to_pylist()
    return {index.base.parts["note"].ids[row["note"]] for row in told if row["sign"] > 0}


def _notes(things: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """A note for each sentence, named after the thing and whether it says so."""
    for number, thing in enumerate(things):
        for part, name in (("yes_zh", "yes"), ("yes_en", "yes"), ("not", "not")):
            for at, text in enumerate(thing[part]):
                yield {"id": f"{number}-{name}-{part}-{at}", "title": "-", "body": text}


def main() -> int:
    """Ask, and print a line for each pair."""
    things = tomllib.loads(THINGS.read_text("utf-8"))["thing"]
    for pair, (found, told, others) in measured(things, load_encoder(BUNDLED, offline=True)).items():
        say(f"asked in, said in {pair}: found {found} of {told}, others that count {others}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
