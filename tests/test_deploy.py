"""Do the files of deploy/ and the runbook speak of what there is: metrics, settings, commands, headings?"""

import configparser
import json
import re
import tomllib
from pathlib import Path

import pytest
import typer
from starlette.testclient import TestClient

from api.cli import app
from api.minutes import Minutes
from api.settings import Settings
from api.telemetry import Telemetry
from engine.clock import utc_now
from tests.api.test_guard import ROUTES
from tests.api.test_openapi import DOCUMENTED

HERE = Path(__file__).parents[1]
DEPLOY, RUNBOOK = HERE / "deploy", (HERE / "docs" / "runbook.md").read_text("utf-8")


def metrics() -> set[str]:
    """Every name under which a value is exposed."""
    ends = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}
    return {f"{m.name}{end}" for m in Telemetry(Minutes(utc_now)).registry.collect() for end in ends[m.type]}


@pytest.mark.parametrize("name", ["alerts.yml", "grafana.json"])
def test_rules_and_panels_ask_for_metrics_that_are_there(name: str) -> None:
    asked = set(re.findall(r"\blifestyle_\w+", (DEPLOY / name).read_text("utf-8")))
    assert asked and asked <= metrics()


def test_requests_are_counted_under_the_routes_of_the_contract(reader: TestClient) -> None:
    for method, path in DOCUMENTED:
        reader.request(method, path.replace("{", "").replace("}", ""), headers={"Authorization": "Bearer unknown"})
    counted = set(re.findall(r'^lifestyle_requests_total\{route="([^"]+)"', reader.get("/metrics").text, re.MULTILINE))
    assert {path for _, path in DOCUMENTED} <= counted <= {path for _, path in ROUTES} | {"unknown"}
    for name in ("alerts.yml", "grafana.json"):
        text = (DEPLOY / name).read_text("utf-8").replace("\\", "")
        asked = {route for named in re.findall(r'route=~?"([^"]+)"', text) for route in named.split("|")}
        assert asked and asked <= counted


def test_the_dashboard_is_one() -> None:
    board = json.loads((DEPLOY / "grafana.json").read_text("utf-8"))
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"]) >= 6
    assert all(target["expr"] for panel in board["panels"] for target in panel["targets"])


def test_every_alert_leads_to_a_part_of_the_runbook() -> None:
    parts = {title.lower().replace(" ", "-") for title in re.findall(r"^## (.+)$", RUNBOOK, re.MULTILINE)}
    alerts = (DEPLOY / "alerts.yml").read_text("utf-8")
    led = re.findall(r"docs/runbook\.md#([\w-]+)", alerts)
    assert len(led) == alerts.count("- alert:") > 0
    assert {*led, *re.findall(r"\(#([\w-]+)\)", RUNBOOK)} <= parts


def test_the_runbook_names_commands_and_settings_that_there_are() -> None:
    known = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    named = set(re.findall(r"`lifestyle (\w+)", RUNBOOK))
    assert named and named <= known


@pytest.mark.parametrize("name", ["Containerfile", "lifestyle.service", "../docs/runbook.md"])
def test_settings_are_those_of_the_server(name: str) -> None:
    known = {f"LIFESTYLE_{field.upper()}" for field in Settings.model_fields} | {"LIFESTYLE_CACHE"}
    assert set(re.findall(r"\bLIFESTYLE_[A-Z_]+", (DEPLOY / name).read_text("utf-8"))) <= known


def test_the_unit_starts_the_server_and_lets_it_end() -> None:
    unit = configparser.ConfigParser(strict=True, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string((DEPLOY / "lifestyle.service").read_text("utf-8"))
    service = unit["Service"]
    assert " serve " in service["ExecStart"] and int(service["TimeoutStopSec"]) > 10


def test_the_container_installs_what_there_is() -> None:
    told = (DEPLOY / "Containerfile").read_text("utf-8")
    project = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))
    for path in re.findall(r"^COPY ([\w. ]+) \S+$", told, re.MULTILINE):
        assert all((HERE / part).exists() for part in path.split())
    extras = re.findall(r"install[^\n]* \.\[(\w+)\]", told)
    assert extras and set(extras) <= set(project["project"]["optional-dependencies"])
    assert set(project["tool"]["setuptools"]["packages"]["find"]["include"]) <= {
        f"{part}*" for part in re.findall(r"^COPY (\w+) \1$", told, re.MULTILINE)
    } | {"benchmarks*"}
