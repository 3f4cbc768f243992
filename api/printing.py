"""How do commands speak? Results to standard output, progress to standard error."""

import sys
from typing import Any

import msgspec


def say(text: str) -> None:
    """A line for people."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def show(content: Any, text: str, as_json: bool) -> None:
    """The result: as JSON for programs, else as text."""
    say(msgspec.json.encode(content).decode() if as_json else text)


def progress(text: str) -> None:
    """What is going on, apart from the result."""
    sys.stderr.write(text + "\n")


def progress_of(stage: str, done: int, todo: int) -> None:
    """How far a long stage is."""
    sys.stderr.write(f"\r{stage}: {done} of {todo}" + ("\n" if done >= todo else ""))
    sys.stderr.flush()
