"""Where do the pages of the docs site come from? docs/*.md, the clients' own READMEs, and pages made from the code.

`python docs/make.py FOLDER` writes them all into FOLDER, which mkdocs.yml names; `make docs` builds the site of it.
"""

import inspect
import json
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from typer.main import get_command

ROOT: Final = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "clients" / "python")]

import generate  # noqa: E402  # of clients/python
import lifestyle_search_client as client  # noqa: E402
from api import cli as commands  # noqa: E402
from api.settings import Settings  # noqa: E402
from indexing.items import TABLES  # noqa: E402

#: Pages that stand elsewhere in the repository.
BORROWED: Final = {
    "guides/python.md": "clients/python/README.md",
    "guides/typescript.md": "clients/typescript/README.md",
    "guides/examples.md": "clients/examples/README.md",
}

HTTP: Final = """# HTTP

Every route but health takes `Authorization: Bearer <key>`. Errors have one shape,
`{"error": {"code", "message", "field"}}`; 429 and 503 carry `Retry-After`. `/openapi.json` of a running server says the
same for programs."""
PYTHON: Final = """# Python client

`from lifestyle_search_client import ...`; how to use it: [guide](../guides/python.md). `AsyncClient` and
`AsyncEventBatcher` have the same methods, to be awaited; those that give iterators give asynchronous ones."""


def main(folder: Path) -> None:
    """Write every page."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "docs", folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for page, source in BORROWED.items():
        shutil.copyfile(ROOT / source, folder / page)
    feed = folder / "guides" / "feed.md"
    code = (ROOT / "clients" / "examples" / "feed.py").read_text("utf-8")
    feed.write_text(feed.read_text("utf-8").replace("<!-- feed.py -->", f"```python\n{code}```"), "utf-8")
    (folder / "reference").mkdir()
    for name, text in pages(generate.openapi()).items():
        (folder / "reference" / f"{name}.md").write_text(text, "utf-8")


def pages(schema: Mapping[str, Any]) -> dict[str, str]:
    """Name of a reference page -> its text."""
    made = {"http": http(schema), "cli": cli(), "settings": settings(), "tables": tables(), "python": python()}
    return {name: "\n".join(lines) + "\n" for name, lines in made.items()}


def http(schema: Mapping[str, Any]) -> Iterator[str]:
    """Every route: what it does, what it takes, an example of what it gives."""
    yield HTTP
    for path, methods in schema["paths"].items():
        for method, said in methods.items():
            yield f"\n## {method.upper()} {path}\n\n{said['description']}\n"
            yield from _taken(schema["components"]["schemas"], said)
            (answer,) = said["responses"]["200"]["content"].values()
            if "example" in answer:
                yield f"\n{said['responses']['200']['description']}:\n\n```json\n{shown(answer['example'])}\n```"
            others = sorted(status for status in said["responses"] if status != "200")
            yield f"\nElse: {', '.join(others) or 'nothing'}."
    yield "\n## Parts of bodies"
    schemas = schema["components"]["schemas"]
    for name in ("Filter", "Near", "Upsert", "Event"):
        yield f"\n### {name}\n\n{schemas[name]['description']}\n"
        needed, fields = schemas[name]["required"], schemas[name]["properties"]
        yield from table(
            ("field", "in", "type", ""), (_field(prop, name, prop in needed, of) for prop, of in fields.items())
        )


def _taken(schemas: Mapping[str, Any], said: Mapping[str, Any]) -> Iterator[str]:
    """The parameters and the body of a route."""
    fields = [
        (p["name"], p["in"], p["required"], p["schema"] | {"description": p.get("description", "")})
        for p in said.get("parameters", ())
    ]
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    about = schemas.get(body.get("$ref", "").rsplit("/", 1)[-1], {})
    needed = about.get("required", ())
    fields += [(name, "body", name in needed, prop) for name, prop in about.get("properties", {}).items()]
    yield from table(("field", "in", "type", ""), (_field(*field) for field in fields))
    for example in about.get("examples", ())[:1]:
        yield f"\n```json\n{json.dumps(example, ensure_ascii=False)}\n```"


def _field(name: str, place: str, needed: bool, schema: Mapping[str, Any]) -> tuple[str, ...]:
    bounds = [f"{word} {schema[key]:g}" for key, word in _BOUNDS.items() if key in schema]
    default = [f"default {json.dumps(schema['default'])}"] if schema.get("default") not in (None, []) else []
    told = [schema.get("description", ""), *(["needed"] if needed else []), *bounds, *default]
    return f"`{name}`", place, f"`{generate.type_of(schema)}`", "; ".join(filter(None, told))


_BOUNDS: Final = {
    "minimum": "at least", "maximum": "at most", "minLength": "characters at least", "maxLength": "characters at most",
    "minItems": "entries at least", "maxItems": "entries at most",
}  # fmt: skip


def shown(example: Any) -> str:
    """An example as JSON, short ones on a line."""
    if isinstance(example, str):
        return example
    short = json.dumps(example, ensure_ascii=False)
    return short if len(short) <= 100 else json.dumps(example, ensure_ascii=False, indent=1)


def cli() -> Iterator[str]:
    """Every command with its options, as `--help` says."""
    yield f"# Command line\n\n{commands.EXIT_CODES}"
    for name, command in vars(get_command(commands.app))["commands"].items():
        yield f"\n## lifestyle {name}\n\n{command.help}\n"
        yield from table(("", "", ""), (_option(option) for option in command.params if not option.hidden))


def _option(option: Any) -> tuple[str, ...]:
    named = ", ".join(f"`{opt}`" for opt in option.opts)
    default = "needed" if option.required else "" if option.default in (None, False) else f"default {option.default}"
    return named, str(option.help or ""), default


def settings() -> Iterator[str]:
    """Every environment variable."""
    yield "# Settings\n\nEnvironment variables; options of a command win over them.\n"
    rows = (
        (f"`LIFESTYLE_{name.upper()}`", str(field.description or ""), f"`{field.default}`")
        for name, field in Settings.model_fields.items()
        if name != "shared"  # of our own processes to each other
    )
    yield from table(("variable", "", "default"), rows)


def tables() -> Iterator[str]:
    """The fields of each table."""
    yield "# Tables\n\nWhat `lifestyle ingest` reads; other names are [mapped](../guides/mapping.md)."
    for name, schema in TABLES.items():
        yield f"\n## {name}\n"
        yield from table(
            ("field", "type", ""), ((f"`{f.name}`", f"`{f.type}`", "" if f.nullable else "needed") for f in schema)
        )


def python() -> Iterator[str]:
    """What the Python client exports, from its docstrings."""
    yield PYTHON
    for name in ("Client", "EventBatcher", "Retries"):
        yield from _class(getattr(client, name))
    errors = inspect.getdoc(inspect.getmodule(client.LifestyleError)) or ""
    yield f"\n## Errors\n\n```text\n{errors}\n```\n\n## Models\n"
    for name, model in vars(client.models).items():
        if inspect.isclass(model) and model.__module__ == client.models.__name__ and name != "Model":
            yield f"### {name}\n\n{inspect.getdoc(model)}\n"
            yield from table(
                ("field", "type"),
                ((f"`{f}`", f"`{inspect.formatannotation(t)}`") for f, t in inspect.get_annotations(model).items()),
            )
            yield ""


def _class(which: type) -> Iterator[str]:
    yield f"\n## {which.__name__}\n\n{inspect.getdoc(which)}\n\n```python\n{which.__name__}{_signature(which)}\n```\n"
    for name, method in inspect.getmembers(which, inspect.isfunction):
        if not name.startswith("_"):
            yield f"### {which.__name__}.{name}\n\n{inspect.getdoc(method)}\n"
            yield f"```python\n{name}{_signature(method)}\n```\n"


def _signature(of: Any) -> str:
    plain = re.sub(r"\*<class '([\w.]+)'>", r"\1", str(inspect.signature(of)))
    return re.sub(r"lifestyle_search_client\.(?:\w+\.)*|collections\.abc\.|typing\.", "", plain)


def table(heads: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """A Markdown table; nothing when it has no rows."""
    found = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    if found:
        yield f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}"
        yield from (f"| {' | '.join(row)} |" for row in found)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
