"""All that a statement may be made of: nodes, their fields, functions, operators, types, views."""

from __future__ import annotations

SCHEMA = "desk"
RELATIONS: dict[str, tuple[str, ...]] = {
    "users": ("id", "customer_id", "username", "email", "first_name", "last_name", "created_at"),
    "products": (
        "id",
        "name",
        "description",
        "price",
        "category",
        "stock_quantity",
        "created_at",
    ),
    "orders": ("id", "customer_id", "total_amount", "status", "order_date"),
}


def _fields(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Every message of the parse tree that may occur, and the fields of it that may be set. Positions
# in the text are allowed everywhere and left out here.
NODES: dict[str, frozenset[str]] = {
    "ParseResult": _fields("version stmts"),
    "RawStmt": _fields("stmt stmt_len"),
    "SelectStmt": _fields(
        "distinct_clause target_list from_clause where_clause group_clause group_distinct "
        "having_clause window_clause sort_clause limit_offset limit_count limit_option "
        "with_clause op all larg rarg"
    ),
    "WithClause": _fields("ctes"),
    "CommonTableExpr": _fields("ctename aliascolnames ctematerialized ctequery"),
    "RangeVar": _fields("catalogname schemaname relname inh relpersistence alias"),
    "RangeSubselect": _fields("lateral subquery alias"),
    "JoinExpr": _fields("jointype larg rarg using_clause quals alias"),
    "Alias": _fields("aliasname colnames"),
    "ResTarget": _fields("name val"),
    "ColumnRef": _fields("fields"),
    "A_Star": _fields(""),
    "A_Const": _fields("ival fval boolval sval isnull"),
    "Integer": _fields("ival"),
    "Float": _fields("fval"),
    "Boolean": _fields("boolval"),
    "String": _fields("sval"),
    "List": _fields("items"),
    "A_Expr": _fields("kind name lexpr rexpr rexpr_list_start rexpr_list_end"),
    "A_ArrayExpr": _fields("elements list_start list_end"),
    "BoolExpr": _fields("boolop args"),
    "NullTest": _fields("arg nulltesttype"),
    "BooleanTest": _fields("arg booltesttype"),
    "CaseExpr": _fields("arg args defresult"),
    "CaseWhen": _fields("expr result"),
    "CoalesceExpr": _fields("args"),
    "MinMaxExpr": _fields("op args"),
    "SubLink": _fields("sub_link_type testexpr subselect"),
    "TypeCast": _fields("arg type_name"),
    "TypeName": _fields("names typmods typemod"),
    "SQLValueFunction": _fields("op typmod"),
    "FuncCall": _fields(
        "funcname args agg_order agg_filter over agg_within_group agg_star agg_distinct funcformat"
    ),
    "WindowDef": _fields(
        "name refname partition_clause order_clause frame_options start_offset end_offset"
    ),
    "SortBy": _fields("node sortby_dir sortby_nulls"),
}
POSITIONS = frozenset({"location", "stmt_location"})

# What the value of an enumerated field may be, where not all of them are harmless.
CHOICES: dict[tuple[str, str], frozenset[str]] = {
    ("A_Expr", "kind"): _fields(
        "AEXPR_OP AEXPR_OP_ANY AEXPR_OP_ALL AEXPR_DISTINCT AEXPR_NOT_DISTINCT AEXPR_NULLIF "
        "AEXPR_IN AEXPR_LIKE AEXPR_ILIKE AEXPR_BETWEEN AEXPR_NOT_BETWEEN AEXPR_BETWEEN_SYM "
        "AEXPR_NOT_BETWEEN_SYM"
    ),
    ("SubLink", "sub_link_type"): _fields("EXISTS_SUBLINK ALL_SUBLINK ANY_SUBLINK EXPR_SUBLINK"),
    ("SQLValueFunction", "op"): _fields(
        "SVFOP_CURRENT_DATE SVFOP_CURRENT_TIME SVFOP_CURRENT_TIMESTAMP SVFOP_LOCALTIME "
        "SVFOP_LOCALTIMESTAMP SVFOP_CURRENT_TIMESTAMP_N SVFOP_LOCALTIMESTAMP_N"
    ),
    ("JoinExpr", "jointype"): _fields("JOIN_INNER JOIN_LEFT JOIN_FULL JOIN_RIGHT"),
}

# LIKE and ILIKE by their operators; no regular expressions, whose cost nobody can tell.
COMPARISONS = _fields("= <> != < <= > >=")
OPERATORS = COMPARISONS | _fields("+ - * / % || ~~ !~~ ~~* !~~* BETWEEN")
OPERATORS |= {"NOT BETWEEN", "BETWEEN SYMMETRIC", "NOT BETWEEN SYMMETRIC"}

TYPES = _fields(
    "int2 int4 int8 integer bigint smallint numeric decimal float4 float8 text varchar bpchar "
    "date time timestamp timestamptz interval bool boolean"
)

_AGGREGATES = _fields(
    "count sum avg min max array_agg string_agg bool_and bool_or every stddev stddev_pop "
    "stddev_samp variance var_pop var_samp corr percentile_cont percentile_disc mode"
)
_WINDOWS = _fields(
    "row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value "
    "nth_value"
)
_NUMBERS = _fields("abs ceil ceiling floor round trunc mod sign sqrt power div width_bucket")
# None that makes a long text out of a short one: no repeat, lpad, rpad, replace, format.
_TEXTS = _fields(
    "lower upper initcap length char_length character_length octet_length btrim ltrim rtrim trim "
    "left right substr substring strpos position split_part starts_with reverse concat concat_ws "
    "md5 ascii like_escape"
)
_DATES = _fields(
    "now date_trunc date_part extract age make_date to_char to_date to_timestamp timezone date_bin "
    "justify_days justify_hours justify_interval isfinite"
)
FUNCTIONS = _AGGREGATES | _WINDOWS | _NUMBERS | _TEXTS | _DATES | _fields("to_number")

# What makes long values out of many short ones; see words.py for how often they may occur.
GROWING_AGGREGATES = _fields("array_agg string_agg")
JOINING_FUNCTIONS = _fields("concat concat_ws")
