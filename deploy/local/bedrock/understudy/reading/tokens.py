"""Cuts a text into tokens: words, and whatever has a shape of its own, such as ids and dates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from tools import spelling

LONGEST_TEXT = 3000
_LIST = r"(?:\s*(?:,|and|&|or|,\s*and)\s*[#]?{item})*"
# Whoever quotes a name quotes a few words and asks nothing in them.
_FEW_WORDS = "[^{no}]+(?: [^{no}]+){{0,4}}"


def _quoted(opening: str, closing: str) -> str:
    return opening + _FEW_WORDS.format(no=rf"\s?\n{closing}") + closing


_SINGLY_QUOTED = rf"(?<!\w){_quoted(chr(39), chr(39))}(?!\w)"
_NUMBERED = r"(?:\s*(?:ids?|no\.?|nos\.?|nr\.?|num|numbers?))?\s*[#:]?\s*"

_SHAPES: tuple[tuple[str, str], ...] = (
    ("quoted", "|".join((_quoted('"', '"') + r"(?!\s*:)", _quoted("“", "”"), _SINGLY_QUOTED))),
    ("email", r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+"),
    ("bademail", r"[\w.+'-]+@[\w-]+\b(?!\.\w)|(?<![\w.])@[\w-]+(?:\.[\w-]+)+"),
    ("day", r"\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}/\d{1,2}/\d{4}\b|\b\d{1,2}\.\d{1,2}\.\d{4}\b"),
    ("month", r"\b\d{4}-(?:0[1-9]|1[0-2])\b(?!-)"),
    (
        "customer",
        r"\bcust(?:omer)?[\s_#.:-]{0,2}\d{1,40}(?:['’`´ʼ]?s)?\b(?![-./]\d|\s*%)",
    ),
    (
        "customers",
        r"\b(?:customer|client|cust)s?"
        + _NUMBERED
        + r"(?:cust[-_ ]?)?\d{1,40}\b(?![-./]\d)"
        + _LIST.format(item=r"\d{1,40}\b(?!\s+(?:order|product|review))"),
    ),
    (
        "badcustomer",
        r"\bcust[-_#](?!\d+\b)\w+\b|\bcust(?=\w*\d)(?!\d+\b)\w+\b|(?-i:\bCUST(?!OMER)[A-Z]{2,}\b)",
    ),
    (
        "review",
        r"\brev[\s_#.:-]{0,2}\d{1,40}\b|\breviews?" + _NUMBERED + r"(?:rev[-_ ]?)?\d{1,40}\b"
        r"(?!\s*(?:-|star|out|or|point|/|★))",
    ),
    (
        "serial",
        r"\b(?=(?:[a-z-]*\d){3})(?=(?:[\d-]*[a-z]){2})(?![a-z]+[-_.]?\d{1,4}(?![\w-]))"
        r"(?!\d+[a-z]+(?![\w-]))(?!(?-i:[a-z]+)\d{1,6}(?![\w-]))[a-z0-9]{4,}(?:-[a-z0-9]+)*\b(?<=[a-z0-9-]{8})",
    ),
    ("badorder", r"\border" + _NUMBERED + r"-\d{1,40}\b"),
    (
        "order",
        r"\b(?:order|ord)s?"
        + _NUMBERED
        + r"(?:ord[-_ ]?)?\d{1,40}\b(?![-./]\d|\s*(?:\$|usd|dollar|euro|day|week|month|year))"
        + _LIST.format(item=r"\d{1,40}\b(?![-./]\d)"),
    ),
    (
        "product",
        r"\b(?:product|prod|item|article|sku)s?"
        + _NUMBERED
        + r"\d{1,40}\b(?![-./]\d|\s*(?:\$|usd|dollar))"
        + _LIST.format(item=r"\d{1,40}\b(?![-./]\d)"),
    ),
    ("hash", r"#\d{1,40}\b"),
    ("code", r"\b(?-i:[A-Z]{1,12})-\d{1,12}\b"),
    (
        "money",
        r"(?:\$|€|£|usd\s?)\s?\d[\d,]*(?:\.\d{1,2})?\b|\b\d[\d,]*(?:\.\d{1,2})?\s?(?:\$|usd\b|dollars?\b|bucks\b|€|euros?\b)",
    ),
    (
        "phone",  # but seven digits after "over" are an amount
        r"(?<!\bover )(?<!\babove )(?<!\bunder )(?<!\bbelow )(?<!\bthan )(?<!\bleast )(?<!\bmost )"
        r"(?<![\w$.-])\+?\(?\d(?:[\s().-]{0,2}\d){6,14}(?![\w-])",
    ),
    ("number", r"\b\d[\d,]*(?:\.\d+)?(?:st|nd|rd|th)?\b"),
    ("login", r"\b[^\W\d]+(?:[._][^\W_]+)*_[\w.]*\w|\b[^\W\d_]+\.[^\W\d_]+\d*\b(?=\s|$|[?,!])"),
    ("mixed", r"\b(?=[^\W_]*\d)(?=\d*[^\W\d_])[^\W_]+"),
    ("word", r"[^\W\d_]+(?:['’`´ʼ][^\W\d_]+)*['’]?"),
    ("break", r"[.?!;\n]+"),
    ("comma", r"[,:&/+]"),
)
_LEXER = re.compile("|".join(f"(?P<{kind}>{shape})" for kind, shape in _SHAPES), re.IGNORECASE)
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: its shape, where it stands, and its canonical value."""

    kind: str
    text: str
    start: int
    end: int
    value: str
    owner: bool = False

    @property
    def is_name_like(self) -> bool:
        """Whether it is written with a capital, as names are."""
        return self.text[:1].isupper()


def both_ends(text: str, most: int) -> str:
    """What is too long without its middle: a long story begins or ends with its question."""
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[:half]}\n{text[-half:].partition(' ')[2] or text[-half:]}"


def clean(text: str) -> str:
    """The text without control and invisible characters, and of bearable length."""
    kept = "".join(
        " " if character in "\t\r" else character
        for character in both_ends(text, LONGEST_TEXT)
        if character in "\t\r\n" or unicodedata.category(character)[0] != "C"
    )
    return unicodedata.normalize("NFC", kept)


def read_tokens(text: str) -> list[Token]:
    """The tokens of a cleaned text, in order; a lone apostrophe or accent names nothing."""
    return [token for token in _tokens(text) if token.value or token.kind == "break"]


def _tokens(text: str) -> Iterator[Token]:
    for match in _LEXER.finditer(text):
        kind, said = str(match.lastgroup), match.group()
        start, end = match.span()
        if kind in ("word", "login") and (owned := _OWNER.search(said)):
            yield Token(kind, said, start, end, spelling.name(said[: owned.start()]), owner=True)
        else:
            yield Token(
                _ALIASES.get(kind, kind), said, start, end, _VALUES.get(kind, spelling.name)(said)
            )


def _all_digits(said: str) -> str:
    return ",".join(str(int(number)) for number in _DIGITS.findall(said))


def _customers(said: str) -> str:
    return ",".join(spelling.customer_id(number) for number in _DIGITS.findall(said))


def _day(said: str) -> str:
    parts = _DIGITS.findall(said)
    if "/" in said:
        parts = [parts[2], parts[0], parts[1]]
    elif "." in said:
        parts = parts[::-1]
    return f"{parts[0]}-{int(parts[1]):02d}-{int(parts[2]):02d}"


def _amount(said: str) -> str:
    return str(Decimal(re.sub(r"[^\d.]", "", said).rstrip(".")))


_OWNER = re.compile(r"['’`´ʼ]s?$", re.IGNORECASE)
_ALIASES = {"customers": "customer", "mixed": "word", "code": "word"}
_VALUES: dict[str, Callable[[str], str]] = {
    "quoted": lambda said: said[1:-1].strip(),
    "email": spelling.email,
    "day": _day,
    "customer": _customers,
    "customers": _customers,
    "review": lambda said: ",".join(spelling.review_id(n) for n in _DIGITS.findall(said)),
    "serial": spelling.serial_number,
    "order": _all_digits,
    "product": _all_digits,
    "hash": _all_digits,
    "money": _amount,
    "number": _amount,
}
