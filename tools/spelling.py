"""One canonical spelling for ids, e-mails, phones, serials and names, however a rep writes them.

Standard library only, because the Lambda handlers of the gateway share it.
"""

from __future__ import annotations

import re
import unicodedata

_NOISE = re.compile(r"[\s\-_.#:/]+")
_APOSTROPHES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "`": "'", "\u00b4": "'"})


def customer_id(text: str) -> str:
    """``cust-3`` and ``#CUST 003`` are ``CUST003``; other forms are only upper-cased."""
    return _numbered_id(text, "CUST")


def review_id(text: str) -> str:
    """``rev 2`` and ``REV-002`` are both ``REV002``; other forms are only upper-cased."""
    return _numbered_id(text, "REV")


def serial_number(text: str) -> str:
    """Upper case without separators: ``laptop001-a1b2c`` is ``LAPTOP001A1B2C``."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).upper()


def email(text: str) -> str:
    """Lower case without surrounding blanks, angle brackets or ``mailto:``."""
    return text.strip().strip("<>").removeprefix("mailto:").strip().casefold()


def phone(text: str) -> str:
    """The digits without 00 or the country code 1: ``+1 (555) 010-1`` is ``5550101``.

    Numbers of the sample data have seven digits after the country code; real ones have ten. A
    leading 1 is dropped from eight or eleven digits, so every spelling of a number is one key.
    """
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", text)).removeprefix("00")
    return digits[1:] if len(digits) in (8, 11) and digits.startswith("1") else digits


def name(text: str) -> str:
    """Without case, accents, apostrophe shapes, repeated blanks: to compare, not to show."""
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES))
    kept = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(kept.casefold().split())


def _numbered_id(text: str, prefix: str) -> str:
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", text)).upper()
    match = re.fullmatch(rf"(?:{prefix})?0*(\d{{1,16}})", plain, re.ASCII)
    return f"{prefix}{int(match[1]):03d}" if match else plain
