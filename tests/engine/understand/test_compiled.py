"""Does what was compiled earlier read like what is compiled now?"""

import json
from pathlib import Path

import pytest

from engine.understand import compiled, lexicon, misspelt, sounds
from engine.understand.glossary import Glossary, _words


@pytest.mark.parametrize(
    ("name", "make"), [("lexicon", lexicon._compiled), ("sounds", sounds._compiled), ("vocabulary", misspelt._compiled)]
)
def test_a_table_survives_its_file(name: str, make: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LIFESTYLE_CACHE", str(tmp_path))
    first = compiled.table(name, make)  # type: ignore[arg-type]
    again = compiled.table(name, lambda: pytest.fail("compiled twice"))
    assert first == again
    [file] = (tmp_path / "compiled").glob(f"{name}-*")
    assert compiled.fingerprint() in file.name


def test_the_lexicon_of_a_file_has_the_entries_of_its_sources() -> None:
    known = lexicon.load()
    fresh = lexicon.Lexicon(lexicon.read_entries())
    assert known.entries == fresh.entries
    assert json.loads(json.dumps(lexicon.tables_of(lexicon.read_entries())["words"])) == known._words
    text = "适合周末带娃去的、有草坪的咖啡店 pet-friendly pubs 太吵了"
    assert known.scan(text) == fresh.scan(text)
    assert known.scan_notes(text) == fresh.scan_notes(text)


def test_another_file_in_the_package_is_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    before = compiled.fingerprint()
    monkeypatch.setattr(compiled, "_ENDINGS", frozenset({".py"}))
    assert compiled.fingerprint.__wrapped__() != before


def test_the_words_kept_between_starts_are_those_of_the_files() -> None:
    made = Glossary(_words())
    kept = Glossary.of(json.loads(json.dumps(made.uses)))
    assert {word: [tuple(use) for use in uses] for word, uses in kept.uses.items()} == dict(made.uses)
