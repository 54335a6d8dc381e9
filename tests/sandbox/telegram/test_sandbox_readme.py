"""The README names every route, event, fault, method and refused method: it cannot drift."""

import re
from pathlib import Path

import pytest

from sandbox.fal import Scenario
from sandbox.faults import FaultKind
from sandbox.server import SandboxConfig, create_app
from sandbox.telegram import TelegramScenario
from sandbox.telegram.routes import METHODS

README = (Path(__file__).parents[3] / "sandbox" / "README.md").read_text("utf-8")


def routes() -> list[str]:
    app = create_app(SandboxConfig())
    found = {
        f"{route.method} {route.resource.canonical}"
        for route in app.router.routes()
        if route.resource is not None and route.resource.canonical.startswith("/sandbox/")
    }
    return sorted(route for route in found if not route.startswith("HEAD"))


@pytest.mark.parametrize("route", routes())
async def test_every_control_route_is_documented(route: str) -> None:
    assert f"`{route}`" in README


def test_no_route_is_documented_that_is_not_there() -> None:
    named = set(re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /sandbox/[^`]*)`", README))
    assert named == set(routes())


@pytest.mark.parametrize("name", sorted(METHODS))
def test_every_bot_api_method_is_documented(name: str) -> None:
    assert re.search(rf"\b{name}\b", README)


@pytest.mark.parametrize(
    "name", [*FaultKind, *Scenario.model_fields, *TelegramScenario.model_fields]
)
def test_every_fault_is_documented(name: str) -> None:
    assert f"`{name}`" in README
