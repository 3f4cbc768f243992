"""How are the generated files of this client made? From the OpenAPI: models and bodies; from aio.py: sync.py.

`python clients/python/generate.py` writes them, and clients/typescript/openapi.json; a test holds them to the server.
"""

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent / "lifestyle_search_client"
#: What of the OpenAPI generators of other languages' types need.
OUTLINE: Final = Path(__file__).parents[1] / "typescript" / "openapi.json"
_TOLD: Final = frozenset({"example", "examples", "title", "summary", "tags", "security"})
_PLAIN: Final = {"integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_KEYWORDS: Final = {"from"}
_MODELS: Final = '''"""What do answers look like? Generated from the OpenAPI by generate.py: do not edit."""

from typing import Any, Literal

from msgspec import Struct, field


class Model(Struct, frozen=True):
    """What every part of an answer is: fields that a server of another version adds are passed over."""
'''
_BODIES: Final = '''"""What may be sent? Generated from the OpenAPI by generate.py: do not edit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

from lifestyle_search_client.models import Model

#: An object, or a part of an answer that is sent back.
Object: TypeAlias = Mapping[str, Any] | Model
'''
_ABOUT_SYNC: Final = (
    '"""How is the server asked while the caller waits? Generated from aio.py by generate.py: do not edit."""'
)
#: What aio.py says -> what sync.py says.
_SYNC: Final = (
    (r"(?s)\A\"\"\".*?\"\"\"", _ABOUT_SYNC),
    (r"import asyncio\n", "import time\n"),
    (r"asyncio\.sleep", "time.sleep"),
    (r"\basync (def|with|for) ", r"\1 "),
    (r"\bawait ", ""),
    (r"\bAsync(\w+)", r"\1"),
    (r"\baclose\b", "close"),
    (r"\b__a(enter|exit)__\b", r"__\1__"),
)


def main(schema: Mapping[str, Any]) -> dict[str, str]:
    """The OpenAPI -> the text of each generated file."""
    schemas = schema["components"]["schemas"]
    answers, bodies = set[str](), set[str]()
    for methods in schema["paths"].values():
        for said in methods.values():
            answers |= reached(schemas, said["responses"]["200"])
            bodies |= reached(schemas, said.get("requestBody", {}))
    return {
        "models.py": _MODELS + "".join(model(name, schemas[name]) for name in ordered(schemas, answers)),
        "bodies.py": _BODIES + "".join(body(name, schemas[name]) for name in ordered(schemas, bodies)),
        "sync.py": synchronous((HERE / "aio.py").read_text("utf-8")),
    }


def outline(schema: Mapping[str, Any]) -> str:
    """The OpenAPI without examples, errors and what is said of routes: what clients' types are made of, as JSON."""
    paths = {
        path: {
            method: {
                **{name: part for name, part in said.items() if name in {"parameters", "requestBody", "operationId"}},
                "responses": {"200": said["responses"]["200"]},
            }
            for method, said in methods.items()
        }
        for path, methods in schema["paths"].items()
    }
    kept = {"openapi": schema["openapi"], "info": schema["info"], "paths": paths, "components": schema["components"]}
    return json.dumps(_plain(kept), ensure_ascii=False, indent=1) + "\n"


def _plain(part: Any, names: bool = False) -> Any:
    """Without titles and examples; under `properties` those are names of fields, and stay."""
    if isinstance(part, list):
        return [_plain(inner) for inner in part]
    if not isinstance(part, Mapping):
        return part
    return {name: _plain(inner, name == "properties") for name, inner in part.items() if names or name not in _TOLD}


def synchronous(text: str) -> str:
    """The code that waits, made of the code that awaits."""
    for pattern, instead in _SYNC:
        text = re.sub(pattern, instead, text)
    return text


def named(part: Any) -> Iterator[str]:
    """The schemas that a part of the OpenAPI names."""
    if isinstance(part, Mapping):
        if "$ref" in part:
            yield part["$ref"].rsplit("/", 1)[1]
        for inner in part.values():
            yield from named(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from named(inner)


def reached(schemas: Mapping[str, Any], part: Any) -> set[str]:
    """All schemas that a part needs, directly or not."""
    found, waiting = set[str](), list(named(part))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += named(schemas[name])
    return found


def ordered(schemas: Mapping[str, Any], names: set[str]) -> list[str]:
    """Names such that each comes after those it is made of."""
    done: list[str] = []

    def visit(name: str) -> None:
        for inner in sorted(set(named(schemas[name])) - {name}):
            visit(inner)
        if name not in done:
            done.append(name)

    for name in sorted(names):
        visit(name)
    return done


def type_of(said: Mapping[str, Any], sent: bool = False) -> str:
    """A JSON schema as a Python type."""
    if "$ref" in said:
        return str(said["$ref"].rsplit("/", 1)[1])
    if "const" in said or "enum" in said:
        return f"Literal[{', '.join(json.dumps(value) for value in said.get('enum', [said.get('const')]))}]"
    if "anyOf" in said:
        return " | ".join(dict.fromkeys(type_of(option, sent) for option in said["anyOf"]))
    inner = said.get("additionalProperties")
    made = {
        "array": f"list[{type_of(said['items'], sent) if 'items' in said else 'Any'}]",
        "object": "Object" if sent else f"dict[str, {type_of(inner) if isinstance(inner, Mapping) else 'Any'}]",
        "string": "datetime | str" if sent and said.get("format") == "date-time" else "str",
    }
    return (made | _PLAIN).get(str(said.get("type")), "Any")


def model(name: str, said: Mapping[str, Any]) -> str:
    """A schema of an answer as a struct."""
    lines, needed = [], set(said.get("required", ()))
    for prop, about in said["properties"].items():
        shown, kind = f"{prop}_" if prop in _KEYWORDS else prop, type_of(about)
        if prop not in needed and kind != "Any" and not kind.endswith("None"):
            kind += " | None"
        given = [] if prop in needed else ["default=None"]
        given += [f'name="{prop}"'] if shown != prop else []
        value = f" = field({', '.join(given)})" if shown != prop else "" if prop in needed else " = None"
        lines.append(f"    {shown}: {kind}{value}")
    return (
        f'\n\nclass {name}(Model, frozen=True, kw_only=True, omit_defaults=True):\n    """{told(said, name)}"""\n\n'
        + "\n".join(lines)
        + "\n"
    )


def body(name: str, said: Mapping[str, Any]) -> str:
    """A schema of a request as a typed dictionary."""
    if "properties" not in said:
        return f"\n\n#: {told(said, name)}\n{name}: TypeAlias = Mapping[str, Any]\n"
    needed = set(said.get("required", ()))
    lines = [
        f"    {prop}: {kind if prop in needed else f'NotRequired[{kind}]'}"
        for prop, about in said["properties"].items()
        for kind in [type_of(about, sent=True)]
    ]
    return f'\n\nclass {name}(TypedDict):\n    """{told(said, name)}"""\n\n' + "\n".join(lines) + "\n"


def told(said: Mapping[str, Any], name: str) -> str:
    """What the OpenAPI says of a schema, on one line."""
    return " ".join(str(said.get("description", f"{name}.")).split())


def openapi() -> dict[str, Any]:
    """What the server of this checkout tells of itself."""
    from starlette.testclient import TestClient  # noqa: PLC0415  # tests of what is generated bring their own

    from api.app import create_app  # noqa: PLC0415
    from api.settings import Settings  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as root, TestClient(create_app(Settings(root=Path(root)))) as client:
        found: dict[str, Any] = client.get("/openapi.json").json()
    return found


if __name__ == "__main__":
    schema = openapi()
    for file, text in main(schema).items():
        (HERE / file).write_text(text, "utf-8")
    OUTLINE.write_text(outline(schema), "utf-8")
