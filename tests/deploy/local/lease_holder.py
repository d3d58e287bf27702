"""A command that uses the local stack: prints its addresses, and leaves when its stdin ends."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from deploy.local.errors import StackError
from deploy.local.lease import lease
from deploy.local.state import StateFolder


def main() -> None:
    """Hold a lease on the stack of the folder that the argument names."""
    try:
        with lease(state=StateFolder(Path(sys.argv[1]))) as environment:
            print(json.dumps(environment), flush=True)  # noqa: T201  # read by the test
            sys.stdin.read()
    except StackError as failure:
        print(json.dumps({"error": str(failure)}), flush=True)  # noqa: T201  # read by the test


if __name__ == "__main__":
    main()
