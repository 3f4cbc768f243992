"""Where does one sentence of a note end and the next begin?"""

import re
from functools import lru_cache
from typing import Final

import pyarrow as pa

from engine.understand.fold import fold

#: SENTENCES: one row per sentence. note: row of the notes table; number: 0 is the title, then the body in order.
SENTENCES: Final = pa.schema([("note", pa.int64()), ("number", pa.int32()), ("text", pa.string())])

#: After these a sentence ends; closing quotes and brackets and repeated marks belong to it.
_END: Final = re.compile(
    r"(?:[。！？!?；;…~～]|(?<!\d)\.(?=\s|$)|(?<=\d)\.(?=\s|$)|\.(?=[\u4e00-\u9fff]))[。！？!?…~～.]*[」』”’\"')）】]*|\n+|\r+"
    # pictographs end a sentence, but pins and ticks begin one
    r"|(?=[\U0001f4cc\U0001f4cd\u2705\u274c\u2713\u2714\u2717\u2718])"
    r"|(?:(?![\u2705\u274c\u2713\u2714\u2717\u2718\U0001f4cc\U0001f4cd])[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff][\u200d\ufe0f]*)+"
)
_ABBREVIATIONS: Final = re.compile(r"(?:\b(?:e\.g|i\.e|etc|mr|mrs|ms|dr|st|vs|approx|no|min|max|str|tel))\.$", re.I)
_WORD: Final = re.compile(r"\w")


def sentences(text: str) -> list[str]:
    """The sentences of a Chinese, English or mixed text, in order, without empty ones; end marks are kept."""
    found, begin = [], 0
    for end in _END.finditer(text):
        piece = text[begin : end.end()]
        if end.group().startswith(".") and _ABBREVIATIONS.search(piece):
            continue
        found.append(piece)
        begin = end.end()
    found.append(text[begin:])
    return [piece.strip() for piece in found if _WORD.search(piece)]


@lru_cache(maxsize=65_536)
def folded(text: str) -> str:
    """The plain form of a sentence; people write the same short ones again and again."""
    return fold(text).text


def split(notes: pa.Table) -> pa.Table:
    """A table with columns title and body (NOTES) -> SENTENCES, by note and number."""
    rows: list[int] = []
    numbers: list[int] = []
    texts: list[str] = []
    titles, bodies = notes.column("title").to_pylist(), notes.column("body").to_pylist()
    for row, (title, body) in enumerate(zip(titles, bodies, strict=True)):
        pieces = [(title or "").strip(), *sentences(body or "")]
        rows += [row] * len(pieces)
        numbers += range(len(pieces))
        texts += pieces
    return pa.table([rows, numbers, texts], schema=SENTENCES)
