"""The files of the console's page: whole, of known origin, and without a word to another host."""

from __future__ import annotations

import hashlib
import re

import pytest

from agent.entrypoints.console.application import STATIC

SCRIPTS = sorted((STATIC / "js").glob("*.js"))
STYLES = sorted((STATIC / "css").glob("*.css"))
PAGES = sorted(STATIC.glob("*.html"))
VENDORED = {
    "marked/marked.js": "c622dc6824a1c92c2d10ea9ede2fc872e46128afcc34b298e6ddee6f387ace8e",
    "marked/LICENSE": "8e3a3f82f59a60958f56ca08f445647c32a4733dc7ca6c2c46f6eb898471ab9c",
    "dompurify/purify.js": "5c64f2cdc55474de0409a8e419d741285ab833f6f0818b76a8380dcc2d408078",
    "dompurify/LICENSE": "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30",
}
ANY_IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*["'](\.[^"']+)["']""")


@pytest.mark.parametrize("name", VENDORED)
def test_vendored_files_are_the_ones_that_were_taken(name: str) -> None:
    """A library that was changed by hand, or upgraded without a note, is found."""
    found = hashlib.sha256((STATIC / "vendor" / name).read_bytes()).hexdigest()
    assert found == VENDORED[name]
    assert name.partition("/")[0] in (STATIC / "vendor" / "VERSIONS.md").read_text()


def test_every_vendored_file_is_known() -> None:
    """Nothing lies there that no test compares."""
    files = {
        path.relative_to(STATIC / "vendor").as_posix() for path in (STATIC / "vendor").glob("*/*")
    }
    assert files == set(VENDORED)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_short_and_imports_what_is_there(path: object) -> None:
    """One idea a module, and no import that fails only in a browser."""
    script = next(known for known in SCRIPTS if known == path)
    text = script.read_text()
    assert text.startswith("// ")
    assert len(text.splitlines()) < 300
    assert [name for name in ANY_IMPORT.findall(text) if not (script.parent / name).exists()] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_writes_no_html(path: object) -> None:
    """Text nodes only: what could read a value as HTML, or run it, is not used."""
    text = next(known for known in SCRIPTS if known == path).read_text()
    banned = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc"
    assert re.findall(banned, text) == []


def test_the_pages_name_no_other_host_and_nothing_inline() -> None:
    """The policy would block it; it is not even there."""
    for path in [*PAGES, *STYLES]:
        text = path.read_text()
        assert re.findall(r"https?://|@import|url\(", text) == [], path.name
        assert re.findall(r"<style|style=|\son\w+=|<script(?! (type=\"module\" )?src)", text) == []


def test_every_page_has_an_icon_and_finds_its_files() -> None:
    """A missing icon or file would be an error in the browser's console."""
    for path in PAGES:
        text = path.read_text()
        assert '<link rel="icon" href="data:,">' in text
        asked = re.findall(r'"/static/([^"]+)"', text)
        assert asked
        assert [name for name in asked if not (STATIC / name).exists()] == []


def imported_from(entry: str) -> set[str]:
    """The scripts that one needs, itself among them."""
    wanted: set[str] = set()
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        if name in wanted:
            continue
        wanted.add(name)
        text = (STATIC / "js" / name).read_text()
        waiting += re.findall(r'from "\./(\w+\.js)"', text)
    return wanted


def test_the_page_preloads_exactly_what_the_frame_imports() -> None:
    """One more would be weight, one less a round trip."""
    page = (STATIC / "index.html").read_text()
    preloaded = set(re.findall(r'modulepreload" href="/static/js/([^"]+)"', page))
    assert preloaded == imported_from("console.js")


def test_what_comes_later_is_asked_for_at_once() -> None:
    """Chat and panel are many modules; none waits for another to name it."""
    text = (STATIC / "js" / "later.js").read_text()
    listed = re.findall(r'"(\w+)"', text.partition("[")[2].partition("]")[0])
    wanted = imported_from("talk.js") - imported_from("console.js")
    assert [f"{name}.js" for name in listed] == sorted(wanted)
