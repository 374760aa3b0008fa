"""axe-core and html-validate, from tests/tools; no network once installed."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from pathlib import Path

TOOLS = Path(__file__).parents[2] / "tools"
BIN = Path(sysconfig.get_path("scripts"))  # node and npm of the virtual environment
ENVIRONMENT = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}


def installed() -> Path:
    """The folder of the packages, installed exactly as locked if it is not there."""
    modules = TOOLS / "node_modules"
    if not (modules / "axe-core" / "axe.min.js").is_file():
        subprocess.run(
            [BIN / "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=TOOLS,
            env=ENVIRONMENT,
            check=True,
        )
    return modules
