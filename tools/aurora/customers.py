"""The tool that finds customers by whatever a rep has of them."""

from __future__ import annotations

from typing import Annotated, Any

from psycopg import sql
from pydantic import Field

from tools.aurora import shapes
from tools.aurora.database import Database, Row
from tools.aurora.names import read_customer_query
from tools.contract import Result, Tool
from tools.typed import build_tool

# Counted up to here; beyond, the number of matches is not worth what it costs.
_MOST_COUNTED = 1000

# Exact matches are gathered each through its own index. Only when there is none are close spellings
# looked for, among the distinct names and not among the users. `users` is sorted and cut inside
# each branch, so that a name borne by thousands costs no more than a rare one.
_FIND = sql.SQL("""
WITH spelled AS (
    SELECT f.name AS first_name, l.name AS last_name
    FROM unnest(%(firsts)s::text[], %(lasts)s::text[]) AS asked (first, last)
    CROSS JOIN LATERAL desk.spellings('first', asked.first) AS f
    CROSS JOIN LATERAL desk.spellings('last', asked.last) AS l
), found AS (
    SELECT 1 AS rank, 'customer_id' AS matched_by, u.* FROM desk.users AS u
    WHERE u.customer_id = ANY(%(customer_ids)s)
    UNION ALL
    SELECT 2, 'username', u.* FROM desk.users AS u WHERE lower(u.username) = %(username)s
    UNION ALL
    SELECT 3, 'email', u.* FROM desk.users AS u WHERE lower(u.email) = %(email)s
    UNION ALL
    SELECT 4, 'full_name', named.* FROM spelled CROSS JOIN LATERAL (
        SELECT u.* FROM desk.users AS u
        WHERE lower(u.last_name) COLLATE "C" = spelled.last_name
          AND lower(u.first_name) COLLATE "C" = spelled.first_name
        ORDER BY u.customer_id LIMIT %(most)s) AS named
    UNION ALL
    SELECT 5, 'last_name', named.*
    FROM desk.spellings('last', %(name)s) AS spelled CROSS JOIN LATERAL (
        SELECT u.* FROM desk.users AS u WHERE lower(u.last_name) COLLATE "C" = spelled.name
        ORDER BY lower(u.first_name) COLLATE "C", u.customer_id LIMIT %(most)s) AS named
    UNION ALL
    SELECT 6, 'first_name', named.*
    FROM desk.spellings('first', %(name)s) AS spelled CROSS JOIN LATERAL (
        SELECT u.* FROM desk.users AS u WHERE lower(u.first_name) COLLATE "C" = spelled.name
        ORDER BY u.customer_id LIMIT %(most)s) AS named
), exact AS MATERIALIZED (
    SELECT DISTINCT ON (customer_id) found.*, NULL::real AS similarity
    FROM found ORDER BY customer_id, rank
), asked AS MATERIALIZED (
    SELECT DISTINCT part, word FROM unnest(%(near_firsts)s::text[], %(near_lasts)s::text[])
        WITH ORDINALITY AS pair (first, last)
    CROSS JOIN LATERAL (VALUES ('first', pair.first), ('last', pair.last)) AS said (part, word)
    WHERE NOT EXISTS (SELECT FROM exact)
), near_names AS MATERIALIZED (
    SELECT asked.part, asked.word, near.name, near.similarity
    FROM asked CROSS JOIN LATERAL desk.similar_names(asked.part, asked.word) AS near
), near AS (
    SELECT named.*, (f.similarity + l.similarity) / 2 AS similarity
    FROM unnest(%(near_firsts)s::text[], %(near_lasts)s::text[]) AS pair (first, last)
    JOIN near_names AS f ON f.part = 'first' AND f.word = pair.first
    JOIN near_names AS l ON l.part = 'last' AND l.word = pair.last
    CROSS JOIN LATERAL (
        SELECT u.* FROM desk.users AS u
        WHERE lower(u.last_name) COLLATE "C" = l.name AND lower(u.first_name) COLLATE "C" = f.name
        ORDER BY u.customer_id LIMIT %(page)s) AS named
    WHERE f.similarity + l.similarity >= 0.8
    UNION ALL
    -- An initial or the beginning of a first name, with the last name.
    SELECT named.*, l.similarity * 0.9
    FROM unnest(%(near_firsts)s::text[], %(near_lasts)s::text[]) AS pair (first, last)
    JOIN near_names AS l ON l.part = 'last' AND l.word = pair.last AND l.similarity >= 0.5
    CROSS JOIN LATERAL (
        SELECT u.* FROM desk.users AS u
        WHERE lower(u.last_name) COLLATE "C" = l.name
          AND lower(u.first_name) COLLATE "C" >= rtrim(lower(pair.first), '.')
          AND lower(u.first_name) COLLATE "C" < rtrim(lower(pair.first), '.') || chr(1114111)
        ORDER BY lower(u.first_name) COLLATE "C", u.customer_id LIMIT %(page)s) AS named
    UNION ALL
    SELECT named.*, l.similarity
    FROM desk.similar_names('last', %(near_name)s) AS l CROSS JOIN LATERAL (
        SELECT u.* FROM desk.users AS u WHERE lower(u.last_name) COLLATE "C" = l.name
        ORDER BY lower(u.first_name) COLLATE "C", u.customer_id LIMIT %(page)s) AS named
    WHERE NOT EXISTS (SELECT FROM exact)
    UNION ALL
    SELECT named.*, f.similarity
    FROM desk.similar_names('first', %(near_name)s) AS f CROSS JOIN LATERAL (
        SELECT u.* FROM desk.users AS u WHERE lower(u.first_name) COLLATE "C" = f.name
        ORDER BY u.customer_id LIMIT %(page)s) AS named
    WHERE NOT EXISTS (SELECT FROM exact)
), closest AS (
    SELECT DISTINCT ON (customer_id) 7 AS rank, 'similar_name' AS matched_by, near.*
    FROM near ORDER BY customer_id, similarity DESC
)
SELECT (SELECT count(*) FROM exact) AS exact, matched.*
FROM (SELECT * FROM exact UNION ALL SELECT * FROM closest) AS matched
ORDER BY rank, similarity DESC NULLS LAST,
    lower(last_name) COLLATE "C", lower(first_name) COLLATE "C", customer_id
LIMIT %(page)s
""")


def customer_tools(database: Database) -> list[Tool]:
    """``find_customers`` over an open database."""

    async def find_customers(
        query: Annotated[
            str,
            Field(min_length=1, max_length=200, description="Id, user name, e-mail or name."),
        ],
        limit: Annotated[int, Field(ge=1, le=20)] = 5,
    ) -> Result:
        """Find customers in the order database by id, user name, e-mail, first, last or full name.

        Any spelling; matched_by "similar_name" means no exact match, only close ones: ask which is
        meant. Phone numbers and tiers are not here but in the profile system.
        """
        meant = read_customer_query(query)
        rows = await database.fetch(
            _FIND,
            {
                "customer_ids": meant.customer_ids,
                "username": meant.username,
                "email": meant.email,
                "firsts": [first for first, _ in meant.names],
                "lasts": [last for _, last in meant.names],
                "near_firsts": [first for first, _ in meant.near],
                "near_lasts": [last for _, last in meant.near],
                "name": meant.name,
                "near_name": "" if meant.near else meant.name,
                "most": _MOST_COUNTED + 1,
                "page": limit + 1,
            },
        )
        return _result(rows, limit)

    return [build_tool(find_customers, system="aurora")]


def _result(rows: list[Row], limit: int) -> Result:
    exact = rows[0]["exact"] if rows else 0
    truncated = len(rows) > limit
    total: int | None = exact or len(rows)
    if exact > _MOST_COUNTED or (not exact and truncated):
        total = None
    return {
        "customers": [_shown(row) for row in rows[:limit]],
        "total": total,
        "truncated": truncated,
    }


def _shown(row: Row) -> dict[str, Any]:
    shown = shapes.customer(row) | {"matched_by": row["matched_by"]}
    if row["similarity"] is not None:
        shown["similarity"] = round(float(row["similarity"]), 2)
    return shown
