"""How does a test look at the page as a person does? A headless Chromium, driven over its DevTools socket."""

import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final

from websockets.sync.client import ClientConnection, connect

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE_S: Final = 60.0


def found() -> str | None:
    """Where a Chromium is; with LIFESTYLE_INSTALL_BROWSER=1 it is installed first. None when there is none."""
    there = next(filter(None, map(shutil.which, NAMES)), None)
    if there is None and os.environ.get("LIFESTYLE_INSTALL_BROWSER") == "1" and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", NAMES[0]], check=False)
        there = shutil.which(NAMES[0])
    return there


class Page:
    """One open page. Everything waits: for an answer, or for something to become true."""

    def __init__(self, line: ClientConnection) -> None:
        self._line, self._numbers = line, count(1)
        self.problems: list[str] = []  # exceptions and errors that the page told its console

    def call(self, method: str, **given: Any) -> dict[str, Any]:
        """One command of the protocol; events that come first are looked through for problems."""
        number = next(self._numbers)
        self._line.send(json.dumps({"id": number, "method": method, "params": given}))
        while True:
            told: dict[str, Any] = json.loads(self._line.recv(timeout=PATIENCE_S))
            if told.get("method") == "Runtime.exceptionThrown" or told.get("method") == "Log.entryAdded":
                self.problems.append(json.dumps(told["params"])[:500])
            if told.get("id") == number:
                assert "error" not in told, told
                result: dict[str, Any] = told["result"]
                return result

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression."""
        result = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def until(self, script: str) -> Any:
        """The expression's value as soon as it is one."""
        end = time.monotonic() + PATIENCE_S
        while not (value := self.run(script)):
            assert time.monotonic() < end, f"never came true: {script}"
            time.sleep(0.05)
        return value

    def type(self, text: str) -> None:
        """Put text where the caret is."""
        self.call("Input.insertText", text=text)

    def press(self, key: str) -> None:
        """Press and let go of a named key."""
        code = {"Enter": 13, "Escape": 27, "ArrowUp": 38, "ArrowDown": 40}[key]
        known = {"key": key, "code": key, "windowsVirtualKeyCode": code} | ({"text": "\r"} if key == "Enter" else {})
        self.call("Input.dispatchKeyEvent", type="keyDown", **known)
        self.call("Input.dispatchKeyEvent", type="keyUp", **{k: v for k, v in known.items() if k != "text"})


@contextmanager
def opened(program: str, url: str, home: Path) -> Iterator[Page]:
    """The page at a url, in a browser of its own whose files lie below `home`."""
    flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1000,1400",
             "--remote-debugging-port=0", f"--user-data-dir={home}"]  # fmt: skip
    process = subprocess.Popen([program, *flags, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with connect(_target(home), max_size=None) as line:
            page = Page(line)
            for domain in ("Runtime", "Log", "Page"):
                page.call(f"{domain}.enable")
            page.call("Page.navigate", url=url)
            page.until("document.readyState === 'complete'")
            yield page
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def _target(home: Path) -> str:
    """The socket of the first page; the browser writes down its port once it listens."""
    port, end = home / "DevToolsActivePort", time.monotonic() + PATIENCE_S
    while not port.exists() or not port.read_text().strip():
        assert time.monotonic() < end, "the browser did not come up"
        time.sleep(0.05)
    with urllib.request.urlopen(f"http://127.0.0.1:{port.read_text().splitlines()[0]}/json", timeout=30) as reply:
        targets = json.load(reply)
    return str(next(each["webSocketDebuggerUrl"] for each in targets if each["type"] == "page"))
