"""Does each format give the same rows, and is each bad row named?"""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.errors import BadInput
from indexing.ingest import ingest, read_table
from indexing.sources.formats import reader_of
from indexing.sources.mapping import FieldMap, load
from indexing.validate import to_items

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
PLACES = [{"id": "a", "name": "甲", "rating": 4.5, "amenities": ["wifi", "lawn"]}, {"id": "b", "name": "乙"}]


def clock() -> datetime:
    return NOON


def written(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def mapping(folder: Path, text: str) -> FieldMap:
    return load(written(folder / "map.toml", text))


def as_jsonl(path: Path) -> Path:
    return written(path, "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in PLACES))


def as_csv(path: Path) -> Path:
    return written(path, "id,name,rating,amenities\na,甲,4.5,wifi|lawn\nb,乙,,\n")


def as_parquet(path: Path) -> Path:
    pq.write_table(pa.Table.from_pylist(PLACES), path)
    return path


def as_json(path: Path) -> Path:
    return written(path, json.dumps(PLACES))


def as_gzip(path: Path) -> Path:
    return written(path, gzip.compress(as_jsonl(path.with_name("plain.jsonl")).read_bytes()))


FORMATS = {"a.jsonl": as_jsonl, "a.csv": as_csv, "a.parquet": as_parquet, "a.json": as_json, "a.jsonl.gz": as_gzip}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_rows(name: str, tmp_path: Path) -> None:
    report = ingest([FORMATS[name](tmp_path / name)], "poi", None, tmp_path / "out", clock)
    assert (report.rows, report.refused, report.rejects_path) == (2, 0, None)
    assert to_items(read_table(report.path, "poi")) == PLACES


def test_bad_rows_are_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    lines = [
        '{"id": "a", "name": "x"}',
        "{broken",
        "[1]",
        "",
        '{"id": "b", "name": "y", "rating": 9}',
        '{"id": "a", "name": "z"}',
    ]
    report = ingest([written(tmp_path / "p.jsonl", "\n".join(lines))], "poi", None, tmp_path / "out", clock)
    assert (report.rows, report.refused) == (1, 4)
    assert report.by_reason == {
        "is no JSON": 1,
        "must be an object": 1,
        "rating: must be within 0..5": 1,
        "id: was given before": 1,
    }
    assert report.rejects_path is not None
    rejects = [json.loads(line) for line in report.rejects_path.read_text().splitlines()]
    assert [(each["file"], each["line"], each["field"]) for each in rejects] == [
        ("p.jsonl", 2, ""),
        ("p.jsonl", 3, ""),
        ("p.jsonl", 5, "rating"),
        ("p.jsonl", 6, "id"),
    ]
    assert rejects[2]["row"]["rating"] == 9
    ingest([as_jsonl(tmp_path / "good.jsonl")], "poi", None, tmp_path / "out", clock)
    assert not report.rejects_path.exists()  # a rejects file is of the last run alone


def test_a_newer_row_replaces_the_older(tmp_path: Path) -> None:
    ingest([as_jsonl(tmp_path / "a.jsonl")], "poi", None, tmp_path, clock)
    newer = written(tmp_path / "b.jsonl", '{"id": "a", "name": "new"}\n{"id": "c", "name": "third"}\n')
    report = ingest([newer], "poi", None, tmp_path, clock)
    assert (report.rows, report.total) == (2, 3)
    names = {each["id"]: each["name"] for each in to_items(read_table(report.path, "poi"))}
    assert names == {"a": "new", "b": "乙", "c": "third"}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xml", "<a/>", "is none of"),
        ("a.json", "{", "no JSON"),
        ("a.json", "3", "list or an object"),
        ("a.geojson", "{}", "FeatureCollection"),
        ("a.parquet", "PAR1", "no readable Parquet"),
        ("a.jsonl.gz", "plain", "gzip"),
        ("a.csv", "", "column names"),
        ("a.csv", "id,id\n", "distinct"),
    ],
)
def test_a_file_that_nobody_can_read_is_refused_whole(name: str, content: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=said):
        ingest([written(tmp_path / name, content)], "poi", None, tmp_path / "out", clock)
    assert not (tmp_path / "out").exists()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    for name in ("a.jsonl", "a.parquet", "a.csv"):
        with pytest.raises(BadInput, match=name):
            ingest([tmp_path / name], "poi", None, tmp_path / "out", clock)


def test_csv_rows_with_wrong_cells_are_refused(tmp_path: Path) -> None:
    text = b"id,name,rating\na,x,4,9\nb,\xff,4\nc,y,good\nd,z,4\n"
    report = ingest([written(tmp_path / "a.csv", text)], "poi", None, tmp_path / "out", clock)
    assert (report.rows, report.refused) == (1, 3)


def test_a_line_that_is_too_long_does_not_stop_the_next(tmp_path: Path) -> None:
    long = b'{"id": "a", "name": "' + b"x" * (5 * 1024 * 1024) + b'"}\n'
    found = list(reader_of(Path("a.jsonl"))[1](written(tmp_path / "a.jsonl", long + b'{"id": "b"}\n')))
    assert [number for number, _ in found] == [1, 2]
    assert found[1][1] == {"id": "b"}


def test_a_mapping_makes_our_fields(tmp_path: Path) -> None:
    rules = mapping(
        tmp_path,
        """
        table = "poi"
        format = "json"
        [skip]
        state = ["closed"]
        [fields]
        id = { template = "x-{@key}" }
        name = { from = ["title", "@key"] }
        city = { value = "北京" }
        district = { from = "where.address", regex = "(..区)" }
        price_per_person = { from = "cents", scale = 0.01 }
        visit_minutes = { from = "stay", as = "minutes" }
        nearby = { concat = ["shops", "hotels"] }
        cuisines = { from = "kitchen", split = "[;,]", map = { steak_house = "steak" } }
        attributes = { collect = ["attr_*"], strip = "attr_[bn]_" }
        opening_hours = { from = "open", lenient = true }
        [flags]
        lawn = "lawn"
        wheelchair = { yes = "wheelchair", no = "!wheelchair" }
        """,
    )
    source = {
        "甲": {
            "where": {"address": "北京市东城区1号"},
            "cents": 3850,
            "stay": "1.5小时 - 2小时",
            "shops": ["a"],
            "hotels": None,
            "kitchen": "thai; steak_house",
            "attr_b_lit": True,
            "attr_n_lit": 2.0,
            "attr_n_size": ["a", 7],
            "open": "sometimes",
            "lawn": "no",
            "wheelchair": "yes",
        },
        "乙": {"state": "closed"},
    }
    path = written(tmp_path / "a.json", json.dumps(source))
    report = ingest([path], "poi", rules, tmp_path / "out", clock)
    assert (report.rows, report.skipped, report.refused) == (1, 1, 0)
    assert report.warnings == {"opening_hours: is no OSM opening_hours expression": 1}
    assert to_items(read_table(report.path, "poi")) == [
        {
            "id": "x-甲",
            "name": "甲",
            "city": "北京",
            "district": "东城区",
            "price_per_person": 38.5,
            "amenities": ["wheelchair"],
            "no_amenities": ["lawn"],
            "cuisines": ["thai", "steak"],
            "visit_minutes": [90.0, 120.0],
            "nearby": ["a"],
            "attributes": {"lit": "yes", "attr_n_lit": "2", "size": "a; 7"},
        }
    ]


def test_what_a_mapping_cannot_read_refuses_the_row(tmp_path: Path) -> None:
    rules = mapping(
        tmp_path, 'table = "poi"\nfields.id.from = "i"\nfields.visit_minutes = {from = "t", as = "minutes"}'
    )
    report = ingest([written(tmp_path / "a.jsonl", '{"i": 1, "t": "a while"}\n')], "poi", rules, tmp_path / "o", clock)
    assert report.by_reason == {"visit_minutes: must be a length of time or a range of two": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("table = 'shop'", "no mapping"),
        ("table = 'poi'\n[fields]\nx.from = 'a'", "no field 'x'"),
        ("table = 'poi'\n[fields]\nid = {}", "exactly one"),
        ("table = 'poi'\n[fields]\nid = {from = 'a', value = 3}", "exactly one"),
        ("table = 'poi'\n[fields]\nid = {form = 'a'}", "form"),
        ("table = 'poi'\n[fields]\nid = {from = 'a', as = 'magic'}", "none of number"),
        ("table = 'note'\nfields.id.from = 'a'\nflags.x = 'y'", "only places"),
        ("table = ", "no mapping"),
    ],
)
def test_a_wrong_mapping_is_refused(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=said):
        mapping(tmp_path, text)


def test_geojson_gives_points_for_areas(tmp_path: Path) -> None:
    features = [
        {"properties": {"n": 1}, "geometry": {"type": "Point", "coordinates": [11.5, 48.1]}},
        {
            "properties": {"n": 2},
            "geometry": {"type": "Polygon", "coordinates": [[[10, 40], [12, 40], [12, 44], [10, 40]]]},
        },
        {"properties": {"n": 3}, "geometry": None},
        {"properties": {"n": 4}, "geometry": {"coordinates": []}},
        {"geometry": None},
    ]
    path = written(tmp_path / "a.geojson", json.dumps({"type": "FeatureCollection", "features": features}))
    rows = [row for _, row in reader_of(path)[1](path)]
    assert rows[:3] == [{"n": 1, "@lat": 48.1, "@lon": 11.5}, {"n": 2, "@lat": 42, "@lon": 11}, {"n": 3}]
    assert [getattr(row, "field", None) for row in rows[3:]] == ["geometry", "properties"]
