"""Resolves every table and column of a statement, so that the database has nothing to guess.

A bare table name means a common table expression only where that is in scope. A qualified column
is looked up in its table: PostgreSQL calls the function ``f`` for ``orders.f`` when there is no
such column.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from google.protobuf.message import Message

from tools.aurora.guard import vocabulary
from tools.aurora.guard.outputs import output_name
from tools.aurora.guard.refusal import Refused
from tools.aurora.guard.tree import children, kind, unwrapped

_MOST_RELATIONS = 6

Columns = tuple[str, ...]
Sources = Mapping[str, Columns]


@dataclass(frozen=True, slots=True)
class _Scope:
    """What names mean at one place: common table expressions, sources from the inside outwards."""

    ctes: Mapping[str, Columns] = field(default_factory=dict)
    sources: tuple[Sources, ...] = ()
    outputs: frozenset[str] = frozenset()

    def within(self, sources: Sources, outputs: Columns = ()) -> _Scope:
        """The scope one select further in."""
        return _Scope(self.ctes, (sources, *self.sources), frozenset(outputs))

    def has_column(self, name: str) -> bool:
        """Whether a bare name is a column, or a name that the select gives to its output."""
        tables = (columns for level in self.sources for columns in level.values())
        return name in self.outputs or any(name in columns for columns in tables)

    def columns_of(self, source: str) -> Columns:
        """The columns of the nearest source of that name; none when there is no such source."""
        return next((level[source] for level in self.sources if source in level), ())


def check_names(select: Any) -> None:
    """Lets through a select that reads only the listed relations and columns that exist.

    Raises:
        Refused: ``relation``, ``column`` or ``size``.
    """
    resolver = _Resolver()
    resolver.select(select, _Scope())
    if resolver.relations == 0:
        raise Refused("relation")
    if resolver.relations > _MOST_RELATIONS:
        raise Refused("size")


class _Resolver:
    """Goes through one statement and counts the relations it reads."""

    def __init__(self) -> None:
        self.relations = 0

    def select(self, select: Any, scope: _Scope) -> Columns:
        """Checks a select and gives the names of its columns."""
        ctes = dict(scope.ctes)
        for envelope in select.with_clause.ctes:
            cte = unwrapped(envelope)
            columns = self.select(unwrapped(cte.ctequery), _Scope(ctes, scope.sources))
            ctes[cte.ctename] = _renamed(columns, cte.aliascolnames)
        scope = _Scope(ctes, scope.sources)
        if select.HasField("larg"):
            outputs = self.select(select.larg, scope)
            self.select(select.rarg, scope)
            inner = scope.within({}, outputs)
        else:
            inner, outputs = self._plain(select, scope)
        for part in ("sort_clause", "limit_offset", "limit_count"):
            self._expressions(select, part, inner)
        return outputs

    def _plain(self, select: Any, scope: _Scope) -> tuple[_Scope, Columns]:
        sources: dict[str, Columns] = {}
        for item in select.from_clause:
            sources |= self._source(unwrapped(item), scope, sources)
        bare = scope.within(sources)
        outputs = tuple(
            name for target in select.target_list for name in self._outputs(unwrapped(target), bare)
        )
        for part in ("target_list", "where_clause", "having_clause", "window_clause"):
            self._expressions(select, part, bare)
        inner = scope.within(sources, outputs)
        for part in ("distinct_clause", "group_clause"):
            self._expressions(select, part, inner)
        return inner, outputs

    def _source(self, item: Any, scope: _Scope, before: Sources) -> dict[str, Columns]:
        """One item of FROM as the names by which it is known, with their columns."""
        if kind(item) == "RangeVar":
            columns = self._relation(item, scope)
            name = item.alias.aliasname or item.relname
            return {name: _renamed(columns, item.alias.colnames)}
        if kind(item) == "RangeSubselect":
            seen = scope.within(before) if item.lateral else scope
            columns = self.select(unwrapped(item.subquery), seen)
            return {item.alias.aliasname: _renamed(columns, item.alias.colnames)}
        if kind(item) == "JoinExpr":
            return self._join(item, scope, before)
        raise Refused("construct")

    def _join(self, join: Any, scope: _Scope, before: Sources) -> dict[str, Columns]:
        left = self._source(unwrapped(join.larg), scope, before)
        right = self._source(unwrapped(join.rarg), scope, {**before, **left})
        both = left | right
        if len(both) < len(left) + len(right):  # one name for two tables
            raise Refused("construct")
        inner = scope.within(both)
        self._expressions(join, "quals", inner)
        for name in join.using_clause:
            if not inner.has_column(unwrapped(name).sval):
                raise Refused("column")
        if not join.HasField("alias"):
            return both
        columns = tuple(name for columns in both.values() for name in columns)
        return {join.alias.aliasname: _renamed(columns, join.alias.colnames)}

    def _relation(self, relation: Any, scope: _Scope) -> Columns:
        self.relations += 1
        if relation.catalogname or relation.schemaname not in ("", vocabulary.SCHEMA):
            raise Refused("relation")
        if not relation.schemaname and relation.relname in scope.ctes:
            return scope.ctes[relation.relname]
        if relation.relname not in vocabulary.RELATIONS:
            raise Refused("relation")
        return vocabulary.RELATIONS[relation.relname]

    def _expressions(self, owner: Any, part: str, scope: _Scope) -> None:
        value = getattr(owner, part)
        for message in [value] if isinstance(value, Message) else value:
            self._expression(message, scope)

    def _expression(self, message: Message, scope: _Scope) -> None:
        if kind(message) == "ColumnRef":
            _check_column(message, scope)
        elif kind(message) == "SelectStmt":
            self.select(message, scope)
        else:
            for child in children(message):
                self._expression(child, scope)

    def _outputs(self, target: Any, scope: _Scope) -> Columns:
        """The names under which one item of the select list is known further out."""
        if target.name:
            return (target.name,)
        value = unwrapped(target.val)
        if kind(value) == "ColumnRef" and kind(unwrapped(value.fields[-1])) == "A_Star":
            source = _parts(value)[-2:-1]
            tables = [scope.columns_of(source[0])] if source else list(scope.sources[0].values())
            return tuple(name for columns in tables for name in columns)
        return (output_name(value),)


def _check_column(column: Any, scope: _Scope) -> None:
    parts = _parts(column)
    if len(parts) == 3 and parts[0] == vocabulary.SCHEMA:
        parts = parts[1:]
    if len(parts) == 1:
        known = parts[0] == "*" or scope.has_column(parts[0])
    else:
        columns = scope.columns_of(parts[0]) if len(parts) == 2 else ()
        known = bool(columns) and (parts[1] == "*" or parts[1] in columns)
    if not known:
        raise Refused("column")


def _parts(column: Any) -> list[str]:
    """The parts of a column's name; a star is ``*``, which no column here is named."""
    nodes = [unwrapped(part) for part in column.fields]
    return ["*" if kind(node) == "A_Star" else str(node.sval) for node in nodes]


def _renamed(columns: Columns, names: Any) -> Columns:
    """The columns with the names that an alias gives to the first of them."""
    given = tuple(str(unwrapped(name).sval) for name in names)
    return given + columns[len(given) :]
