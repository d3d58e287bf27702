"""Which names are close: how a name sounds, how people shorten first names, how letters slip.

Standard library only, because the Lambda handlers of the gateway share it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain, groupby

from tools import spelling

_SAME_GIVEN = 0.8  # "charlie" and "charles" are 0.86; "charlie" and "carl" are 0.73
_SAME_SOUND = 0.75  # with one sound: "marc" and "mark", "eric" and "erik"
ALIKE = 0.72  # measured on names with one or two letters wrong; "davis" and "daves" are 0.80

_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof", "sir", "madam"})
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "phd", "md"})
_CODES = {
    letter: code
    for code, letters in enumerate(("bfpv", "cgjkqsxz", "dt", "l", "mn", "r"), start=1)
    for letter in letters
}
_FIRST_LETTER = {"c": "k", "q": "k", "z": "s"}
_SHORT_FORMS = (
    "abigail abby|albert al bert|alexander alexandra alex sandy|alice ali|amanda mandy|"
    "andrew andy drew|anthony tony|barbara barb|benjamin ben|"
    "catherine katherine kate kathy katie cathy|"
    "charles charlie chuck|christine christina tina|christopher chris|daniel dan danny|"
    "david dave|deborah debbie deb|donald don|dorothy dot|douglas doug|edward ed eddie ted|"
    "elizabeth liz beth betty lisa eliza|eugene gene|francis frank fran|frederick fred freddie|"
    "gabriel gabe|gerald jerry|gregory greg|harold harry hal|henry hank|isabella bella isabel|"
    "jacob jake|james jim jimmy jamie|janet jan|jennifer jen jenny|jessica jess|"
    "john johnny jack jonathan jon|joseph joe joey|joshua josh|judith judy|kenneth ken|"
    "lawrence larry|leonard leo len|louis lou|margaret maggie meg peggy|matthew matt|"
    "michael mike mick|nathaniel nathan nate|nicholas nick|pamela pam|patricia pat patty trish|"
    "patrick paddy|peter pete|philip phil|raymond ray|rebecca becky|richard rick dick rich|"
    "robert bob bobby rob|ronald ron|samuel samantha sam|stephen steven steve|susan sue susie|"
    "terence terry|theodore theo ted|theresa terry tess|thomas tom tommy|timothy tim|"
    "victoria vicky tori|vincent vince|walter walt|william will bill billy liam|zachary zach"
)
_GROUPS = [group.split() for group in _SHORT_FORMS.split("|")]
_FORMAL_NAMES = {
    name: [group[0] for group in _GROUPS if name in group] for name in {*chain(*_GROUPS)}
}


@dataclass(frozen=True, slots=True)
class Person:
    """A person's name, taken apart: ``Davis, Mr. Charles`` is last davis and given charles."""

    given: str
    last: str


def person(text: str) -> Person:
    """Take a full name apart; a single word counts as the last name."""
    before, comma, after = spelling.name(text).partition(",")
    if comma and after.strip(". ") not in _SUFFIXES:
        before, after = after, before
    found = _name_words(f"{before} {after}")
    kept = [word for word in found if word not in _TITLES | _SUFFIXES] or found or [""]
    return Person(given=" ".join(kept[:-1]), last=kept[-1])


def words(text: str) -> list[str]:
    """The words of a product's name for comparison; never empty."""
    return _name_words(re.sub(r"[-_/]", " ", spelling.name(text))) or [""]


def sound(word: str) -> str:
    """Soundex of one word: davis, davies and dvais are one code.

    First letters that sound alike (c, k and q) are merged as well. Words of other scripts are
    their own first two characters.
    """
    letters = re.sub(r"[^a-z]", "", word.replace("ph", "f"))
    if not letters:
        return word[:2]
    codes = [_CODES.get(letter, 0 if letter in "aeiouy" else None) for letter in letters]
    # h and w neither count nor part two equal codes; a vowel parts them.
    heard = [code for code, _ in groupby(code for code in codes if code is not None)]
    if heard and heard[0] == codes[0]:
        heard = heard[1:]
    digits = "".join(str(code) for code in heard if code)
    return f"{_FIRST_LETTER.get(letters[0], letters[0])}{digits:0<3.3}"


def similarity(one: str, other: str, least: float = 0.0) -> float:
    """How alike two texts are, 0 to 1, symmetric and without regard to blanks.

    What is surely below ``least`` is 0: most names are so unlike that this is seen at once.
    """
    first, second = sorted((one.replace(" ", ""), other.replace(" ", "")))
    if 2 * min(len(first), len(second)) < least * (len(first) + len(second)):
        return 0.0
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return 0.0 if least and matcher.quick_ratio() < least else matcher.ratio()


def same_given_name(one: str, other: str) -> bool:
    """Whether two given names may be one person's: short forms, initials, a slip of the pen."""
    if not one or not other:
        return True
    first, second = one.split()[0], other.split()[0]
    if not set(formal_names(first)).isdisjoint(formal_names(second)):
        return True
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) in (1, 3, 4, 5) and longer.startswith(shorter):
        return True
    likeness = similarity(first, second, _SAME_SOUND)
    return likeness >= _SAME_GIVEN or (likeness >= _SAME_SOUND and sound(first) == sound(second))


def formal_names(given: str) -> list[str]:
    """What a given name may be short for, or the name itself: never empty."""
    name = given.partition(" ")[0]
    return list(_FORMAL_NAMES.get(name, (name,)))


def near_person(wanted: Person, stored: Person) -> float:
    """How close two names are, 0 to 1; 0 when they are hardly one person's."""
    last = 1.0 if wanted.last == stored.last else similarity(wanted.last, stored.last, ALIKE)
    if last < ALIKE or not same_given_name(wanted.given, stored.given):
        return 0.0
    return round(0.6 * last + 0.4 * similarity(wanted.given, stored.given), 2)


def _name_words(text: str) -> list[str]:
    return [kept for word in text.split() if (kept := re.sub(r"[^\w]", "", word))]
