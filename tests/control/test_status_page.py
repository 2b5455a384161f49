"""The status page in a real browser, about a real Envoy."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal

import pytest
import pytest_asyncio
from playwright.async_api import Page, Request

from mixer2.control.serving import Serving
from tests.control.browser import browser
from tests.control.mesh_stage import envoy, free_port, served, settled, write, write_probe
from tests.control.upstreams import Upstream

pytestmark = pytest.mark.envoy

SCHEMES: list[Literal["light", "dark"]] = ["light", "dark"]
DESKTOP, PHONE = (1200, 900), (390, 844)


class Stage:
    def __init__(self, path: Path, mesh: dict[str, Any], running: Serving, page: Page) -> None:
        self.path = path
        self.mesh = mesh
        self.running = running
        self.page = page
        self.asked: list[str] = []
        self.errors: list[str] = []
        page.on("request", self._request)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda message: self.errors.append(message.text))

    def _request(self, request: Request) -> None:
        self.asked.append(request.url)

    async def open(self) -> None:
        await self.page.goto(self.running.status.url)
        await self.page.wait_for_selector('[data-node="edge-1"]')

    async def row(self, node: str = "edge-1") -> list[str]:
        """The cells of a node's first filter, without the times."""
        cells = self.page.locator(f'[data-node="{node}"] tbody tr:first-child td')
        texts = [text.strip() for text in await cells.all_inner_texts()]
        return [text for text in texts if not text.endswith("ago")]


@pytest_asyncio.fixture
async def stage(tmp_path: Path, one: Upstream) -> AsyncIterator[Stage]:
    write_probe(tmp_path, "aaaa")
    path = tmp_path / "mesh.yaml"
    mesh = {
        "version": 1,
        "observe": {"admin": "admin", "every": "100ms"},
        "listeners": {"web": {"port": free_port(), "routes": "web", "filters": ["probe"]}},
        "routes": {"web": [{"to": "web"}]},
        "services": {"web": {"endpoints": [one.address]}},
        "filters": {"probe": {"code": "aaaa.wasm", "configuration": "one"}},
    }
    write(path, mesh)
    async with (
        served(path) as running,
        envoy(running, admin_socket=tmp_path / "admin.sock"),
        browser() as chromium,
    ):
        await settled(running)
        page = await chromium.new_page(viewport={"width": DESKTOP[0], "height": DESKTOP[1]})
        page.set_default_timeout(10_000)
        yield Stage(path, mesh, running, page)


def version(stage: Stage) -> str:
    loaded = stage.running.plane.loaded
    assert loaded is not None
    return loaded.bundles["probe"].version


async def test_the_page_shows_what_nodes_run_and_follows_it(stage: Stage) -> None:
    await stage.open()
    first = version(stage)
    digest = stage.running.plane.rollouts.states[0][0].digest
    await stage.page.get_by_text("running", exact=True).wait_for()
    expected = ["probe", "in use", first, first, digest[:12], "running"]
    assert await stage.row() == expected

    # A configuration that the node refuses: the page says so by itself, with the reason.
    stage.mesh["filters"]["probe"]["configuration"] = "bad"
    write(stage.path, stage.mesh)
    reason = stage.page.locator(".reason", has_text="Unable to create Wasm plugin probe")
    await reason.wait_for()
    second = version(stage)
    assert (await stage.row())[:4] == ["probe", "refused", second, first]
    assert "1\nNodes that refuse" in await stage.page.locator("#summary").inner_text()

    # An edit that is no good: the page shows where.
    stage.path.write_text(stage.path.read_text().replace("version: 1", "version: 7"))
    problem = stage.page.locator("#problems li", has_text="mesh.yaml:1:10: expected 1, got 7")
    await problem.wait_for()

    # Mended.
    stage.mesh["filters"]["probe"]["configuration"] = "one"
    write(stage.path, stage.mesh)
    await problem.wait_for(state="detached")
    await reason.wait_for(state="detached")
    assert (await stage.row())[:4] == ["probe", "in use", first, first]
    assert stage.errors == []
    base = stage.running.status.url
    assert all(url.startswith((base, "data:")) for url in stage.asked), stage.asked


async def test_a_rollout_is_followed_to_its_end(stage: Stage) -> None:
    policy = {"steps": [50, 100], "window": "500ms"}
    stage.mesh["filters"]["probe"] |= {"configuration": "two", "rollout": policy}
    await stage.open()
    write(stage.path, stage.mesh)
    card = stage.page.locator('[data-filter="probe"]')
    await card.locator(".state", has_text="running").wait_for()
    assert "of the nodes, step" in await card.inner_text()
    await card.locator(".state", has_text="done").wait_for()
    assert await card.locator('[data-step="past"]').count() == 2
    assert (await stage.row())[1] == "in use"
    assert "start" in await stage.page.locator("#audit").inner_text()


async def test_it_is_readable_in_light_and_dark_on_a_desk_and_on_a_phone(stage: Stage) -> None:
    stage.path.write_text(stage.path.read_text().replace("version: 1", "version: 7"))
    await stage.open()
    await stage.page.locator("#problems li").wait_for()
    for width, height in (DESKTOP, PHONE):
        await stage.page.set_viewport_size({"width": width, "height": height})
        assert await stage.page.evaluate("document.documentElement.scrollWidth") <= width
        for scheme in SCHEMES:
            await stage.page.emulate_media(color_scheme=scheme)
            contrasts = await stage.page.evaluate(CONTRASTS)
            assert len(contrasts) > 30
            # WCAG 2.2, 1.4.3: 4.5 for text.
            assert {text: ratio for text, ratio in contrasts if ratio < 4.5} == {}
            ground = await stage.page.evaluate(
                "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)"
            )
            assert (sum(ground) > 600) == (scheme == "light")


CONTRASTS = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = (rgb) => {
    const [r, g, b] = rgb.slice(0, 3).map((one) => one / 255)
      .map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = numbers(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || !element.checkVisibility() || element.closest("script,noscript")) continue;
    const pair = [luminance(numbers(getComputedStyle(element).color)), luminance(ground(element))];
    const [light, dark] = pair.sort((a, b) => b - a);
    found.push([text, (light + 0.05) / (dark + 0.05)]);
  }
  return found;
}"""


async def test_search_finds_nodes_by_version_and_state(stage: Stage) -> None:
    await stage.open()
    nodes = stage.page.locator("[data-node]")
    await stage.page.fill("#search", f"{version(stage)} edge")
    assert await nodes.count() == 1
    await stage.page.fill("#search", "refused")
    assert await nodes.count() == 0
    assert await stage.page.get_by_text("no node", exact=True).is_visible()


async def test_what_nodes_say_is_text_and_never_code(stage: Stage) -> None:
    """A node's id may be anything that fits into a string."""
    hostile = "<img src=x onerror=document.title='owned'>"
    async with envoy(stage.running, hostile):
        await stage.open()
        await stage.page.get_by_text(hostile, exact=True).wait_for()
        assert await stage.page.title() == "mixer2"
    assert stage.errors == []


async def test_when_the_server_is_gone_the_page_says_so(stage: Stage) -> None:
    await stage.open()
    await stage.page.locator('#live[data-state="live"]').wait_for()
    await stage.running.status.__aexit__(None, None, None)
    await stage.page.locator('#live[data-state="lost"]').wait_for()
    await asyncio.sleep(0)
