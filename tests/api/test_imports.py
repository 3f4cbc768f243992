"""Does a server import what only training and indexing need?"""

import subprocess
import sys

HEAVY = ("torch", "sentence_transformers", "lightgbm", "scipy", "sklearn", "pypinyin")


def test_the_commands_and_the_application_import_nothing_heavy() -> None:
    code = f"import sys, api.cli, api.app; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
