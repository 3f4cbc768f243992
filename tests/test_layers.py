"""Do the packages import only what the architecture allows?"""

import subprocess
import sys
from pathlib import Path


def test_import_contracts_are_kept() -> None:
    lint_imports = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([lint_imports, "--no-cache"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
