"""How heavy is the page, and how soon is an answer drawn? `python -m tests.web.report URL` prints both.

Times are the browser's own measure from the answer's arrival to the frame after its first cards; "work" is what the
page's thread computed for a whole search by its own clock, which a busy machine does not lengthen (all cards, the map
and the suggestions among it).
"""

import gzip
import statistics
import sys

from playwright.sync_api import CDPSession, sync_playwright

from api.pages import WEB
from tests.web.conftest import found
from tests.web.screens import WIDTHS, search
from tests.web.test_built import first_files

QUESTIONS = (
    "适合周末带娃去的、有草坪的、近郊的咖啡店",
    "杭州近郊的咖啡馆",
    "敏感肌可用的防晒霜",
    "杭州 安静 能办公的咖啡馆",
)
ROUNDS = 3
SORTS = ("TaskDuration", "ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
MEASURED = "performance.getEntriesByName('painted').map(each => each.duration)"


def worked(tools: CDPSession) -> dict[str, float]:
    """Milliseconds of the page's thread so far, by sort."""
    told = {each["name"]: each["value"] * 1000 for each in tools.send("Performance.getMetrics")["metrics"]}
    return {name: told[name] for name in SORTS}


def main(url: str) -> None:
    """Print them."""
    files, every = first_files(), [path for path in (WEB / "assets").iterdir() if path.is_file()]
    packed = sum(len(gzip.compress(path.read_bytes())) for path in files)
    chart = sum(path.stat().st_size for path in every if path.name.startswith("MapPane"))
    raw = sum(path.stat().st_size for path in files)
    say = f"page {raw} B ({packed} gzipped), map {chart} B"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found(), args=["--no-sandbox"])
        for width, size in WIDTHS.items():
            page = browser.new_page(locale="zh-CN", viewport=size)
            tools = page.context.new_cdp_session(page)
            tools.send("Performance.enable", {"timeDomain": "threadTicks"})
            page.goto(url)
            before = worked(tools)
            for text in QUESTIONS * ROUNDS:
                search(page, text)
                page.wait_for_timeout(500)
            times: list[float] = page.evaluate(MEASURED)
            spent = {name: (ms - before[name]) / len(times) for name, ms in worked(tools).items()}
            say += f"; {width}: {len(times)} answers drawn in {min(times):.0f} to {max(times):.0f} ms, "
            say += f"median {statistics.median(times):.0f}; work "
            say += ", ".join(f"{name.removesuffix('Duration').lower()} {ms:.1f}" for name, ms in spent.items())
        browser.close()
    sys.stdout.write(say + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
