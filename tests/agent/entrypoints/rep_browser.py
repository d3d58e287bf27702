"""A rep's browser at an issuer's page; as a program, what ``webbrowser`` starts: REP ADDRESS.

The program imports nothing of ours and no client library: it has to start at once.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from html import unescape
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener


def form_of(page: str, rep: str) -> Mapping[str, str]:
    """What a browser sends when the rep's button is pressed."""
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: unescape(value) for name, value in fields} | {"rep": rep}


def main(rep: str, address: str) -> None:
    """Presses the rep's button and follows the way back."""
    browser = build_opener(ProxyHandler({}))
    with browser.open(address) as page:
        form = form_of(page.read().decode(), rep)
        target = page.url.partition("?")[0]
    browser.open(target, urlencode(form).encode()).close()


if __name__ == "__main__":
    main(*sys.argv[1:])
