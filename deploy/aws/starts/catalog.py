"""Starts the catalogue server in AgentCore Runtime: ``main.py`` at the root of its package."""

from __future__ import annotations

import os

from tools.catalog.__main__ import main

if __name__ == "__main__":
    main(os.environ)
