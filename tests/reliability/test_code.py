"""Does our code, or what it depends on, hold a door for code in data? Read from the syntax trees and the lock file."""

import ast
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PACKAGES = ("engine", "indexing", "ranking", "api", "benchmarks")
MODULES = {"pickle", "cPickle", "dill", "joblib", "cloudpickle", "shelve", "marshal", "yaml"}
CALLS = {"eval", "exec", "compile", "torch.load", "yaml.load", "__import__", "os.system"}
FLAGS = {"allow_pickle", "trust_remote_code", "shell"}


def sources() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def doors(tree: ast.AST) -> Iterator[str]:
    """What is forbidden, as it stands in the code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] in MODULES)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in MODULES:
            yield str(node.module)
        elif isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            if name in CALLS:
                yield name
            yield from (
                f"{name}({keyword.arg}=...)"
                for keyword in node.keywords
                if keyword.arg in FLAGS
                and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False)
            )


@pytest.mark.promise(18)
def test_nothing_runs_code_from_data() -> None:
    found = {path.relative_to(ROOT).as_posix(): list(doors(ast.parse(path.read_text("utf-8")))) for path in sources()}
    assert len(found) > 200
    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.promise(18)
@pytest.mark.parametrize(
    "code",
    ["import pickle", "from joblib import load", "eval('1')", "torch.load(f)", "np.load(f, allow_pickle=True)",
     "X(trust_remote_code=flag)", "run(c, shell=True)"],
)  # fmt: skip
def test_each_door_would_be_seen(code: str) -> None:
    assert list(doors(ast.parse(code)))


@pytest.mark.promise(20)
def test_every_dependency_is_pinned_and_none_is_below_its_floor() -> None:
    lines = [line for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines() if line and line[0] != "#"]
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][\w.+]*", line)] == []
    assert Version(version("starlette")) >= Version("1.3.1")  # CVE-2025-62727, CVE-2025-54121, CVE-2026-54283
    with pytest.raises(PackageNotFoundError):
        version("python-multipart")  # no route takes forms
