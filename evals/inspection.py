"""Finds what a case that has the right form gets wrong: names, rows and facts that are not there.

Each check yields places in the case and what is wrong there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evals.cases import AnyCall, Case, ExpectedCall, ForbiddenCall, Turn
from evals.data import Records
from evals.documents import Place
from evals.facts import AnyFact, Fact, SqlFact, StoreFact
from evals.offered import Offered, unknown_arguments, unknown_tool
from evals.oracle import Oracle, OracleError

Wrong = Iterator[tuple[Place, str]]

KEYS = {
    "users": "customer_id",
    "products": "id",
    "orders": "id",
    "reviews": "review_id",
    "catalog_products": "product_id",
    "warranties": "serial_number",
    "customer_profiles": "customer_id",
}


def wrong_in(case: Case, records: Records, tools: Offered) -> Wrong:
    """Everything that is wrong with the case over the records of its seed."""
    yield from _rows(case, records)
    yield from _tools(case, tools)
    oracle = Oracle(case, records)
    yield from _subjects(case, oracle.records)
    for number, turn in enumerate(case.turns):
        for place, message in _facts(turn, oracle):
            yield ("turns", number, *place), message


def _rows(case: Case, records: Records) -> Wrong:
    for table, rows in case.overlay.items():
        key = KEYS[table]
        taken = {str(row.get(key)): "a record of the seed has it" for row in records[table]}
        fields = {field for row in records[table] for field in row}
        for number, row in enumerate(rows):
            place: Place = ("overlay", table, number)
            value = str(row.get(key, ""))
            if not value:
                yield place, f"the row has no {key}"
            elif value in taken:
                yield (*place, key), f"{key} {value!r} is not free: {taken[value]}"
            taken[value] = "another row of the case has it"
            for field in row.keys() - fields if fields else ():
                yield (*place, field), f"{table} have no field {field!r}"


def _subjects(case: Case, records: Records) -> Wrong:
    if case.subjects == "all" or not case.subjects:
        return
    known = {
        str(row.get("customer_id")) for row in (*records["users"], *records["customer_profiles"])
    }
    for number, customer in enumerate(case.subjects):
        if customer not in known:
            yield ("subjects", number), f"there is no customer {customer!r}"


def _tools(case: Case, tools: Offered) -> Wrong:
    for place, call in _calls(case):
        pattern = call if isinstance(call, str) else call.tool
        if message := unknown_tool(pattern, tools):
            yield place, message
        elif not isinstance(call, str):
            if message := unknown_arguments(pattern, call.args, tools):
                yield place, message


def _calls(case: Case) -> Iterator[tuple[Place, str | ExpectedCall | ForbiddenCall]]:
    """Every place that names a tool."""
    for number, fault in enumerate(case.faults):
        if fault.tool is not None:
            yield ("faults", number, "tool"), fault.tool
    for number, call in enumerate(case.injection.calls if case.injection else ()):
        yield ("injection", "calls", number), call
    for turn_number, turn in enumerate(case.turns):
        place: Place = ("turns", turn_number, "tools")
        for number, expected in enumerate(turn.tools.must):
            choices = expected.any if isinstance(expected, AnyCall) else [expected]
            for choice, one in enumerate(choices):
                yield (*place, "must", number, "any", choice), one
        for number, name in enumerate(turn.tools.may):
            yield (*place, "may", number), name
        for number, forbidden in enumerate(turn.tools.forbid):
            yield (*place, "forbid", number), forbidden


def _facts(turn: Turn, oracle: Oracle) -> Wrong:
    said = 0
    for place, fact in _computed(turn):
        try:
            said += len(oracle.facts(fact))
        except OracleError as wrong:
            yield place, str(wrong)
            said += 1
    only_facts = turn.tools.is_empty and not (turn.unavailable or turn.differences)
    every = [*turn.say.must, *turn.say.must_not]
    if only_facts and not said and all(isinstance(fact, SqlFact | StoreFact) for fact in every):
        yield ("say",), "no fact of the turn finds a value, so it checks nothing"


def _computed(turn: Turn) -> Iterator[tuple[Place, SqlFact | StoreFact]]:
    for name, facts in (("must", turn.say.must), ("must_not", turn.say.must_not)):
        yield from _oracles(facts, ("say", name))
    for number, difference in enumerate(turn.differences):
        yield from _oracles(difference.values, ("differences", number, "values"))


def _oracles(facts: Sequence[Fact], place: Place) -> Iterator[tuple[Place, SqlFact | StoreFact]]:
    for number, fact in enumerate(facts):
        if isinstance(fact, SqlFact | StoreFact):
            yield (*place, number), fact
        elif isinstance(fact, AnyFact):
            yield from _oracles(fact.any, (*place, number, "any"))
