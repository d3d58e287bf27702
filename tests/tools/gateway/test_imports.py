"""What Lambda runs needs the standard library and boto3, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
ALLOWED = {"boto3", "botocore", "s3transfer", "jmespath", "urllib3", "dateutil", "six", "tools"}
# What the Python of this machine brings along by itself.
BROUGHT = {"sitecustomize", "usercustomize", "certifi", "brotli", "zstandard"}


def test_the_handlers_import_only_what_lambda_has() -> None:
    """boto3 with its own dependencies is part of Lambda's Python."""
    program = (
        "import sys\n"
        "before = set(sys.modules)\n"
        "import tools.gateway.profile, tools.gateway.warranty\n"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    foreign = set(ran.stdout.split()) - set(sys.stdlib_module_names) - ALLOWED - BROUGHT
    assert {name for name in foreign if not name.startswith("_")} == set()
