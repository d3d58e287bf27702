"""Checks that the role behind free SQL can do nothing but read three views; else there is none."""

from __future__ import annotations

import logging

from psycopg.rows import dict_row

from tools.aurora.connections import Connection
from tools.aurora.guard.vocabulary import RELATIONS, SCHEMA
from tools.contract import ToolFailure

# What the migrations let the reader call.
FUNCTIONS = frozenset(
    {"order_totals", "similar_names", "similar_products", "spellings", "top_customers"}
)
# They read or write outside the database, or run text as SQL.
_DANGEROUS = [
    "adminpack",
    "aws_lambda",
    "aws_s3",
    "dblink",
    "file_fdw",
    "lo",
    "pg_cron",
    "plperlu",
    "plpython3u",
    "postgres_fdw",
    "tablefunc",
    "xml2",
]

# A role may belong to rds_iam, which only lets it log in. Everybody may update pg_settings, which
# is SET by another name and stays inside the session.
_CHECK = """
WITH me AS (SELECT * FROM pg_catalog.pg_roles WHERE rolname = current_user),
relations AS (
    SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname !~ '^pg_toast'
), ours AS (
    SELECT n.oid, n.nspname AS schema FROM pg_catalog.pg_namespace AS n
    WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
)
SELECT
    (SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication
        FROM me) AS powers,
    EXISTS (SELECT FROM pg_catalog.pg_auth_members AS m JOIN me ON m.member = me.oid
        JOIN pg_catalog.pg_roles AS r ON r.oid = m.roleid WHERE r.rolname <> 'rds_iam') AS member,
    EXISTS (SELECT FROM pg_catalog.pg_shdepend AS d JOIN me ON d.refobjid = me.oid
        WHERE d.refclassid = 'pg_catalog.pg_authid'::regclass AND d.deptype = 'o') AS owner,
    has_database_privilege(current_database(), 'CREATE, TEMP') AS creates_in_database,
    EXISTS (SELECT FROM pg_catalog.pg_namespace AS n
        WHERE has_schema_privilege(n.oid, 'CREATE')) AS creates_in_schema,
    EXISTS (SELECT FROM relations AS r
        WHERE r.kind <> 'S' AND (r.schema, r.name) <> ('pg_catalog', 'pg_settings')
          AND (has_table_privilege(r.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
               OR has_any_column_privilege(r.oid, 'INSERT, UPDATE, REFERENCES'))) AS writes,
    EXISTS (SELECT FROM relations AS r
        WHERE CASE r.kind WHEN 'S' THEN has_sequence_privilege(r.oid, 'USAGE, UPDATE, SELECT')
            ELSE false END) AS sequences,
    ARRAY(SELECT r.schema || '.' || r.name FROM relations AS r JOIN ours USING (schema)
        WHERE r.kind <> 'S' AND has_schema_privilege(ours.oid, 'USAGE')
          AND has_any_column_privilege(r.oid, 'SELECT') ORDER BY 1) AS visible,
    ARRAY(SELECT DISTINCT ours.schema || '.' || p.proname FROM pg_catalog.pg_proc AS p
        JOIN ours ON ours.oid = p.pronamespace
        WHERE has_schema_privilege(ours.oid, 'USAGE') AND has_function_privilege(p.oid, 'EXECUTE')
        ORDER BY 1) AS callable,
    ARRAY(SELECT e.extname::text FROM pg_catalog.pg_extension AS e
        WHERE e.extname = ANY (%s) ORDER BY 1) AS extensions
"""
_RIGHTS = ("powers", "member", "owner", "creates_in_database", "creates_in_schema", "writes")

_log = logging.getLogger(__name__)


async def check_reader_role(connection: Connection) -> None:
    """Lets a connection be used for free SQL when its role can only read the three views.

    Raises:
        ToolFailure: the role can do more or sees something else. The log says what.
    """
    found = await reader_role_faults(connection)
    if found:
        _log.error("faults=<%s> | the database role is no plain reader: no free SQL", found)
        raise ToolFailure(
            "refused", "Free SQL is switched off: the database role is not set up for it."
        )


async def reader_role_faults(connection: Connection) -> list[str]:
    """What the role of a connection can do beyond reading the three views, in short words."""
    cursor = connection.cursor(row_factory=dict_row)
    await cursor.execute(_CHECK, (_DANGEROUS,))
    row = await cursor.fetchone()
    if row is None:
        return ["no answer"]
    faults = [right for right in (*_RIGHTS, "sequences") if row[right] is not False]
    if row["visible"] != sorted(f"{SCHEMA}.{name}" for name in RELATIONS):
        faults.append("visible relations")
    if not set(row["callable"]) <= {f"{SCHEMA}.{name}" for name in FUNCTIONS}:
        faults.append("callable functions")
    return faults + [f"extension {name}" for name in row["extensions"]]
