"""How heavy is the page, and how soon is an answer drawn? `python -m tests.web.report URL` prints both.

Times are the browser's own measure from the answer's arrival to the frame after its first cards.
"""

import gzip
import statistics
import sys

from playwright.sync_api import sync_playwright

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
MEASURED = "performance.getEntriesByName('painted').map(each => each.duration)"


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
            page.goto(url)
            for text in QUESTIONS * 3:
                search(page, text)
                page.wait_for_timeout(500)
            times: list[float] = page.evaluate(MEASURED)
            say += f"; {width}: {len(times)} answers drawn in {min(times):.0f} to {max(times):.0f} ms, "
            say += f"median {statistics.median(times):.0f}"
        browser.close()
    sys.stdout.write(say + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
