"""Finds warranties by the names on them: as written first, close spellings when that finds none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tools import likeness, spelling
from tools.dynamo import Store
from tools.gateway.arguments import wrong
from tools.likeness import Person
from tools.naming import MatchedBy, Named, find_names
from tools.queries import Condition, Query, begins, equals
from tools.records import NO_GIVEN_NAME, WARRANTY, Item, plain

_PAGES = 2
_COUNT_PAGES = 2  # some ten thousand; more is not worth the wait
_MOST_NAMES = 25
_HOLDER = (*WARRANTY, "holder_last_key", "holder_given_key", "product_key")

# An index and the key condition that picks one partition of it.
Place = tuple[str, Condition]


@dataclass(frozen=True, slots=True)
class Found:
    """Warranties, best first, how their names matched, and how many there are if that is known."""

    items: list[Item]
    matched_by: MatchedBy
    total: int | None


def find_by_holder(store: Store, table: str, name: str) -> Found:
    """Warranties of a holder: the full name, or the last name alone; else names that come close."""
    person = likeness.person(name)
    if not person.last:
        raise wrong("customer_name", "not a name")
    spellings = [person]
    if person.given and " " not in person.given:  # "Davis Charles", tried as it stands first
        spellings.append(Person(given=person.last, last=person.given))
    for wanted in spellings:
        found = _exact_holder(store, table, wanted) or _close_holder(store, table, wanted)
        if found:
            return found
    return Found([], "none", 0)


def find_by_product(store: Store, table: str, name: str, *, most: int) -> Found:
    """Warranties of a product whose name begins so, holds these words, or comes close."""
    asked = likeness.words(name)
    if asked == [""]:
        raise wrong("product_name", "not a name")
    first = _place("by_product", "product_sound", asked[0])
    beginning = _at(table, first, begins("product_key", " ".join(asked)))
    found = _first_of(store, [beginning], most)
    if found.items:
        return found
    places = {
        first,
        _place("by_product", "product_sound", "".join(asked[:2])),  # "smart watch" as one word
        _place("by_product_tail", "product_tail_sound", asked[-1]),
    }
    names = {key: place for place in places for key in _names_at(store, table, place)}
    match = find_names(spelling.name(name), [Named(key, key) for key in sorted(names)])
    queries = [_at(table, names[key], equals("product_key", key)) for key in match.keys]
    close = _first_of(store, queries, most)
    return Found(close.items, match.matched_by, close.total)


def of_product(found: Found, name: str) -> Found:
    """Those of the warranties whose product has this name, or a close one."""
    names = {_product_key(item) for item in found.items}
    match = find_names(spelling.name(name), [Named(key, key) for key in sorted(names)])
    rank = {key: place for place, key in enumerate(match.keys)}
    kept = [item for item in found.items if _product_key(item) in rank]
    kept.sort(key=lambda item: rank[_product_key(item)])
    similar = "similar_name" in (found.matched_by, match.matched_by)
    total = None if found.total is None else len(kept)
    return Found(kept, "similar_name" if similar else match.matched_by, total)


def _product_key(item: Item) -> str:
    """Empty for a name without a letter or digit, which has no key."""
    key: str = plain(item.get("product_key", {"S": ""}))
    return key


def _exact_holder(store: Store, table: str, person: Person) -> Found | None:
    keys = [equals("holder_last_key", person.last)]
    if person.given:
        keys.append(equals("holder_given_key", person.given))
    query = Query(table, "by_holder", tuple(keys), _HOLDER)
    items, more = store.read(query, pages=_PAGES)
    return Found(_latest_first(items), "name", None if more else len(items)) if items else None


def _close_holder(store: Store, table: str, person: Person) -> Found | None:
    """Last names that sound alike, with given names that may be the same person's."""
    sound = equals("holder_sound", likeness.sound(person.last))
    initials = {formal[:1] for formal in likeness.formal_names(person.given)} | {person.given[:1]}
    items: dict[str, Item] = {}
    complete = True
    for initial in sorted(initials):
        keys = (sound, begins("holder_formal_key", initial)) if initial else (sound,)
        read, more = store.read(Query(table, "by_holder_sound", keys, _HOLDER), pages=_PAGES)
        items |= {plain(item["serial_number"]): item for item in read}
        complete = complete and not more
    scored = [
        (likeness.near_person(person, _holder(item)), item)
        for item in _latest_first(items.values())
    ]
    scored = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])
    total = len(scored) if complete else None
    return Found([item for _, item in scored], "similar_name", total) if scored else None


def _names_at(store: Store, table: str, place: Place) -> list[str]:
    """The different product names of a partition, by jumping over the warranties between them."""
    names: list[str] = []
    while len(names) < _MOST_NAMES:
        behind = (Condition("product_key", ">", (names[-1],)),) if names else ()
        query = Query(table, place[0], (place[1], *behind), ("product_key",))
        page = store.query(query, limit=1)
        if not page.items:
            break
        names.append(plain(page.items[0]["product_key"]))
    return names


def _first_of(store: Store, queries: Iterable[Query], most: int) -> Found:
    """The first items of several queries, and how many they have in all."""
    items: list[Item] = []
    counts: list[int | None] = []
    for query in queries:
        page = store.query(query, limit=most + 1)
        items += page.items
        cut = len(page.items) > most
        counts.append(store.count(query, pages=_COUNT_PAGES) if cut else len(page.items))
    known = [count for count in counts if count is not None]
    return Found(items, "name", sum(known) if len(known) == len(counts) else None)


def _place(index: str, attribute: str, word: str) -> Place:
    return index, equals(attribute, likeness.sound(word))


def _at(table: str, place: Place, condition: Condition) -> Query:
    return Query(table, place[0], (place[1], condition), WARRANTY)


def _holder(item: Item) -> Person:
    given = plain(item["holder_given_key"])
    return Person(
        given="" if given == NO_GIVEN_NAME else given, last=plain(item["holder_last_key"])
    )


def _latest_first(items: Iterable[Item]) -> list[Item]:
    return sorted(items, key=lambda item: str(item.get("warranty_end_date")), reverse=True)
