"""One canonical spelling for ids, e-mails, phones, serials and names, however a rep writes them.

Standard library only, because the Lambda handlers of the gateway share it.
"""

from __future__ import annotations

import re
import unicodedata

_NOISE = re.compile(r"[\s\-_.#:/]+")
_APOSTROPHES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "`": "'", "\u00b4": "'"})
_AROUND_ADDRESS = re.compile(r"^(?:mailto:|[<>\s])+|[<>\s]+$")
# Letters with a stroke, and two in one, which are not a plain letter and an accent to Unicode.
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i"}
    | {"æ": "ae", "œ": "oe", "þ": "th"}
)


def customer_id(text: str) -> str:
    """``cust-3`` and ``#CUST 003`` are ``CUST003``; other forms are only upper-cased."""
    return _numbered_id(text, "CUST")


def review_id(text: str) -> str:
    """``rev 2`` and ``REV-002`` are both ``REV002``; other forms are only upper-cased."""
    return _numbered_id(text, "REV")


def serial_number(text: str) -> str:
    """Upper case without separators: ``laptop001-a1b2c`` is ``LAPTOP001A1B2C``."""
    return _compact(text)


def email(text: str) -> str:
    """Lower case without surrounding blanks, angle brackets or ``mailto:``."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    return _AROUND_ADDRESS.sub("", plain)


def phone(text: str) -> str:
    """The digits without 00 or the country code 1: ``+1 (555) 010-1`` is ``5550101``.

    Numbers of the sample data have seven digits after the country code; real ones have ten. A
    leading 1 is dropped from eight or eleven digits, so every spelling of a number is one key.
    """
    plain = unicodedata.normalize("NFKC", text)
    digits = "".join(str(unicodedata.decimal(sign)) for sign in plain if sign.isdecimal())
    digits = digits.removeprefix("00")
    return digits[1:] if len(digits) in (8, 11) and digits.startswith("1") else digits


def name(text: str) -> str:
    """Without case, accents, apostrophe shapes, repeated blanks: to compare, not to show."""
    if text.isascii():
        return " ".join(text.replace("`", "'").lower().split())
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
    plain = unicodedata.normalize("NFKD", plain).translate(_LETTERS).translate(_APOSTROPHES)
    kept = (sign for sign in plain if not unicodedata.combining(sign) and not _is_invisible(sign))
    return " ".join("".join(kept).split())


def _numbered_id(text: str, prefix: str) -> str:
    plain = _compact(text)
    match = re.fullmatch(rf"(?:{prefix})?0*(\d{{1,16}})", plain, re.ASCII)
    return f"{prefix}{int(match[1]):03d}" if match else plain


def _compact(text: str) -> str:
    """Upper case, without blanks and separators."""
    upper = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).upper())
    # Once more, because an accent may now stand behind a letter.
    return unicodedata.normalize("NFKC", _NOISE.sub("", upper))


def _is_invisible(sign: str) -> bool:
    return unicodedata.category(sign) == "Cf"
