"""The trigger functions and triggers of the journal on PostgreSQL.

The functions run with the rights of their owner, so that a role that may change only `posts` is recorded as well.
"""

from collections.abc import Iterable, Sequence

from .tables import JournaledTable

_INSERT = "INSERT INTO journal_changes (operation_id, table_no, row_id, other_id, action, was)"
# The functions look up names in the current schema only. Otherwise, a temporary table could replace the journal.
_ENTER_SCHEMA = (
    "SELECT set_config('blogcli.search_path', current_setting('search_path'), true)",
    "SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true)",
)
_LEAVE_SCHEMA = "SELECT set_config('search_path', current_setting('blogcli.search_path'), true)"

# Returns the id of the operation of this transaction. The first change of a transaction creates the operation.
_OPERATION_BODY = """
DECLARE
    known text := current_setting('blogcli.operation_id', true);
    origin json := nullif(current_setting('blogcli.operation', true), '')::json;
    opened bigint;
BEGIN
    IF known <> '' THEN
        RETURN known::bigint;
    END IF;
    INSERT INTO journal_operations (kind, verb, command, actor, host, profile, program, revision, targets)
    VALUES (
        coalesce(origin->>'kind', 'outside'), origin->>'verb', origin->>'command',
        coalesce(origin->>'actor', session_user), coalesce(origin->>'host', host(inet_client_addr())),
        origin->>'profile',
        coalesce(origin->>'program', nullif(current_setting('application_name', true), '')),
        (SELECT max(version_num) FROM blogcli_version), origin->'targets'
    )
    RETURNING id INTO opened;
    PERFORM set_config('blogcli.operation_id', opened::text, true);
    RETURN opened;
END
"""
# This deferred trigger runs at the commit, also for changes of other programs.
_CLOSE_BODY = """
BEGIN
    UPDATE journal_operations SET ended_at = clock_timestamp(), counts = (
        SELECT json_object_agg(name, json_build_array(inserted, updated, deleted)) FROM (
            SELECT CASE table_no {names} END AS name, count(*) FILTER (WHERE action = 'i') AS inserted,
                count(*) FILTER (WHERE action = 'u') AS updated, count(*) FILTER (WHERE action = 'd') AS deleted
            FROM journal_changes WHERE operation_id = NEW.id GROUP BY table_no
        ) AS numbers
    ) WHERE id = NEW.id;
    RETURN NULL;
END
"""


def function_bodies(tables: Sequence[JournaledTable]) -> dict[str, str]:
    """Return the bodies of the trigger functions, by the names of the functions."""
    names = " ".join(f"WHEN {table.number} THEN '{table.name}'" for table in tables)
    bodies = {"journal_operation": _OPERATION_BODY, "journal_close": _CLOSE_BODY.format(names=names)}
    for table in tables:
        bodies |= table_functions(table)
    return bodies


def trigger_definitions(tables: Iterable[JournaledTable]) -> dict[tuple[str, str], str]:
    """Return the definitions of the triggers, by the names of the table and the trigger."""
    triggers = {
        ("journal_operations", "journal_close"): (
            "CREATE CONSTRAINT TRIGGER journal_close AFTER INSERT ON journal_operations "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_close()"
        )
    }
    for table in tables:
        name = table.name
        # Rows are inserted in bulk, so one call for each statement is faster. For updates and deletions, calls for each
        # row are faster, because single updates are frequent and need no transition table.
        triggers[name, "journal_insert"] = (
            f"CREATE TRIGGER journal_insert AFTER INSERT ON {name} REFERENCING NEW TABLE AS added "
            f"FOR EACH STATEMENT EXECUTE FUNCTION journal_{name}_insert()"
        )
        triggers[name, "journal_change"] = (
            f"CREATE TRIGGER journal_change AFTER UPDATE OR DELETE ON {name} "
            f"FOR EACH ROW EXECUTE FUNCTION journal_{name}_change()"
        )
        triggers[name, "journal_truncate"] = (
            f"CREATE TRIGGER journal_truncate BEFORE TRUNCATE ON {name} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION journal_{name}_truncate()"
        )
    return triggers


def creation_statements(tables: Sequence[JournaledTable]) -> list[str]:
    """Return the statements that create the functions and the triggers."""
    functions = [function_definition(name, body) for name, body in function_bodies(tables).items()]
    return [*_ENTER_SCHEMA, *functions, *trigger_definitions(tables).values(), _LEAVE_SCHEMA]


def function_definition(name: str, body: str, *, search_path: str = "FROM CURRENT") -> str:
    """Return the statement that creates a function. `search_path` defines the schemas in which it looks up names."""
    result = "bigint" if name == "journal_operation" else "trigger"
    return (
        f"CREATE FUNCTION {name}() RETURNS {result} LANGUAGE plpgsql SECURITY DEFINER "
        f"SET search_path {search_path} AS $${body}$$"
    )


def removal_statements(tables: Iterable[JournaledTable]) -> list[str]:
    """Return the statements that remove the functions together with their triggers."""
    return [f"DROP FUNCTION {name}() CASCADE" for name in function_bodies(list(tables))]


def table_functions(table: JournaledTable) -> dict[str, str]:
    """Return the bodies of the trigger functions of a table, by the names of the functions."""
    name = table.name
    return {
        f"journal_{name}_insert": f"""
BEGIN
    {_INSERT} SELECT (SELECT journal_operation()), {_key(table, "added")}, 'i', NULL FROM added;
    RETURN NULL;
END
""",
        f"journal_{name}_change": _change_body(table),
        f"journal_{name}_truncate": f"""
BEGIN
    {_INSERT} SELECT (SELECT journal_operation()), {_key(table, "removed")}, 'd', {_row_image(table, "removed")}
    FROM {name} AS removed;
    RETURN NULL;
END
""",
    }


def _change_body(table: JournaledTable) -> str:
    """Return the body of the function that records an updated or deleted row."""
    insertion = f"{_INSERT} VALUES (journal_operation(), {_key(table, 'NEW')}, 'i', NULL);"
    deletion = f"{_INSERT} VALUES (journal_operation(), {_key(table, 'OLD')}, 'd', {_row_image(table, 'OLD')});"
    same_key = " AND ".join(f"OLD.{column} = NEW.{column}" for column in table.key)
    return f"""
DECLARE
    was text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        {deletion}
    ELSIF {same_key} THEN
        {_record_update(table)}
    ELSE
        {deletion}
        {insertion}
    END IF;
    RETURN NULL;
END
"""


def _record_update(table: JournaledTable) -> str:
    if not table.columns:
        return "NULL;"
    changed_columns = ", ".join(_changed_column(table, column) for column in table.columns)
    return f"""was := '{{' || concat_ws(',', {changed_columns}) || '}}';
        IF was <> '{{}}' THEN
            {_INSERT} VALUES (journal_operation(), {_key(table, "OLD")}, 'u', was::json);
        END IF;"""


def _key(table: JournaledTable, row: str) -> str:
    """Return the values of `table_no`, `row_id` and `other_id` for a row."""
    first, *others = table.key
    return f"{table.number}, {row}.{first}, {f'{row}.{others[0]}' if others else 0}"


def _value(table: JournaledTable, row: str, column: str) -> str:
    # The type json has no operator for equality, and its text is recorded unchanged.
    return f"{row}.{column}::text" if column in table.json_columns else f"{row}.{column}"


def _row_image(table: JournaledTable, row: str) -> str:
    pairs = (f"'{column}', {_value(table, row, column)}" for column in table.columns)
    return f"json_build_object({', '.join(pairs)})"


def _changed_column(table: JournaledTable, column: str) -> str:
    old = _value(table, "OLD", column)
    new = _value(table, "NEW", column)
    return f"CASE WHEN {old} IS DISTINCT FROM {new} THEN '\"{column}\":' || coalesce(to_json({old})::text, 'null') END"
