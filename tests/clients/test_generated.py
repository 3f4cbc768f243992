"""Are the clients' generated files those that the server's OpenAPI makes, and do their quick starts run?"""

import importlib.util
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from starlette.testclient import TestClient

CLIENTS = Path(__file__).parents[2] / "clients"
REMEDY = "the OpenAPI or aio.py changed: run `make clients` and commit what it wrote"


def loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_python_files_are_those_of_this_openapi(reader: TestClient) -> None:
    schema: dict[str, Any] = reader.get("/openapi.json").json()
    made = loaded(CLIENTS / "python" / "generate.py").main(schema)
    assert set(made) == {"models.py", "bodies.py", "sync.py"}
    for name, text in made.items():
        assert (CLIENTS / "python" / "lifestyle_search_client" / name).read_text("utf-8") == text, REMEDY


@pytest.mark.parametrize("number", range(2))
def test_the_python_quick_start_runs(number: int, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    readme = (CLIENTS / "python" / "README.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    assert len(blocks) == 2
    exec(compile(blocks[number].replace("http://127.0.0.1:8000", url), "README.md", "exec"), {"__name__": "readme"})
    assert capsys.readouterr().out
