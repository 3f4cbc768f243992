"""Is the products half of the sample what it says: generated, valid, true to its notes?"""

import json
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest

from indexing.items import NOTES, PRODUCTS, SCHEMAS, TRUST
from indexing.sample import files, generate_products
from indexing.sample.product_banks import Said, categories, lines, said, sayings
from indexing.sample.scale import scale

SAMPLE = Path(files.__file__).parent


@pytest.fixture(scope="module")
def built() -> dict[str, list[generate_products.Row]]:
    return generate_products.build()


def test_generating_again_gives_the_same_bytes(built: dict[str, list[generate_products.Row]], tmp_path: Path) -> None:
    generate_products.write(tmp_path, built)
    for name in built:
        assert (tmp_path / name).read_bytes() == (SAMPLE / name).read_bytes(), name


@pytest.mark.parametrize(("name", "schema"), [("products.jsonl", PRODUCTS), ("notes_products.jsonl", NOTES)])
def test_rows_fit_the_schema(name: str, schema: pa.Schema) -> None:
    rows = files.rows(name)
    assert all(set(row) <= set(schema.names) for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)
    for column in schema:
        values = [row.get(column.name) for row in rows]
        if pa.types.is_timestamp(column.type):
            values = pa.array(values, pa.string()).cast(column.type).to_pylist()
        if pa.types.is_map(column.type):
            values = [list(value.items()) for value in values]
        array = pa.array(values, column.type)
        assert column.nullable or not array.null_count, column.name


def test_truth_sentences_stand_in_their_notes() -> None:
    bodies = {row["id"]: row["body"] for row in files.rows("notes_products.jsonl")}
    truth = files.rows("truth/sentences_products.jsonl")
    assert all(row["sentence"] in bodies[row["note_id"]] for row in truth)
    assert {row["kind"] for row in truth} == {"plain", "negated", "hearsay", "question", "ended"}
    assert max(Counter((row["sentence"], row["attribute"]) for row in truth).values()) <= 6


def test_no_sentence_is_labelled_twice_and_each_label_has_its_item() -> None:
    truth = files.rows("truth/sentences_products.jsonl")
    told = Counter((row["note_id"], row["item_id"], row["sentence"], row["attribute"]) for row in truth)
    assert max(told.values()) == 1
    assert all(row["item_id"] and row["attribute"] for row in truth)


def test_marks_for_the_truth_alone_change_the_labels_and_not_what_is_picked() -> None:
    line = said("!一点不沉。 @@- @@stable+! @@durable-<", "lightweight", 1)
    assert (line.text, line.attribute, line.polarity, line.kind) == ("一点不沉。", "lightweight", 1, "negated")
    assert line.labels() == (Said(line.text, "stable", 1, "negated"), Said(line.text, "durable", -1, "ended"))
    assert not any("@@" in row["title"] + row["body"] for row in files.rows("notes_products.jsonl"))


def test_links_name_known_items_and_agree_with_explicit_ids() -> None:
    products = {row["id"] for row in files.rows("products.jsonl")}
    links = {(row["note_id"], row["item_id"]) for row in files.rows("truth/links_products.jsonl")}
    assert {item for _, item in links} <= products
    notes = files.rows("notes_products.jsonl")
    assert {(n["id"], item) for n in notes for item in n["product_ids"]} <= links
    unlinked = {n["id"] for n in notes if not n["product_ids"]} & {note for note, _ in links}
    assert len(unlinked) > 80


def test_trust_truth_covers_every_note_and_some_are_not_flagged() -> None:
    truth = {row["note_id"]: row["label"] for row in files.rows("truth/trust_products.jsonl")}
    notes = files.rows("notes_products.jsonl")
    assert set(truth) == {n["id"] for n in notes}
    assert set(truth.values()) == TRUST
    assert any(truth[n["id"]] == "suspected" and n["trust"] == "organic" for n in notes)


def test_counts_and_languages() -> None:
    tables = files.load_tables()
    notes = files.rows("notes_products.jsonl")
    assert len(tables["product"]) >= 320
    assert len(notes) >= 380
    assert 0.6 < sum(row["lang"] == "zh" for row in notes) / len(notes) < 0.8
    assert 0.6 < sum(row["lang"] == "zh" for row in tables["product"]) / len(tables["product"]) < 0.8


def test_banks_name_known_scopes_and_attributes() -> None:
    scopes = {scope for node in categories().values() for scope in node["scopes"]}
    facts = {fact.attribute for line in lines() for fact in line.facts}
    assert {line.category for line in lines()} <= set(categories())
    assert {scope for scope, _, _ in sayings()} <= scopes
    assert {attribute for _, attribute, _ in sayings()} <= facts


def test_files_are_json_lines() -> None:
    for path in SAMPLE.glob("*products*.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            assert isinstance(json.loads(line), dict)


def test_scale_is_deterministic_and_gives_fresh_valid_items() -> None:
    made = list(scale(400, 7))
    assert made == list(scale(400, 7))
    assert made != list(scale(400, 8))
    ids = [row["id"] for _, row in made]
    assert len(set(ids)) == 400
    sample = {row["id"] for rows in files.load_tables().values() for row in rows}
    assert not sample & set(ids)
    for kind, row in made:
        assert set(row) <= set(SCHEMAS[kind].names)
        assert 0 <= (row.get("rating") or 0) <= 5
    linked = {item for kind, row in made if kind == "note" for item in row["product_ids"] + row["poi_ids"]}
    assert linked
    assert linked <= set(ids)
