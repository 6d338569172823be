"""The full-text index over the terms of `search_entries`, which tables of SQLAlchemy cannot describe: FTS5 on SQLite, GIN on PostgreSQL.

Terms are words apart by blanks; the search makes them (`catalog.search.word_forms`), and the databases only look them up.
"""

from sqlalchemy import Connection, TextClause, text

#: The virtual table on SQLite, with which the names of its own tables and triggers begin; the index on PostgreSQL.
TERM_INDEX = "search_terms"
# The table of the index keeps no copy of the terms; the triggers are those of FTS5's documentation for that ("external content tables").
_SQLITE = (
    """CREATE VIRTUAL TABLE search_terms USING fts5(
        terms, content='search_entries', content_rowid='id', detail=none, columnsize=0, tokenize="ascii tokenchars '^+#@.'")""",
    """CREATE TRIGGER search_terms_added AFTER INSERT ON search_entries BEGIN
        INSERT INTO search_terms (rowid, terms) VALUES (new.id, new.terms); END""",
    """CREATE TRIGGER search_terms_removed AFTER DELETE ON search_entries BEGIN
        INSERT INTO search_terms (search_terms, rowid, terms) VALUES ('delete', old.id, old.terms); END""",
    """CREATE TRIGGER search_terms_changed AFTER UPDATE OF terms ON search_entries BEGIN
        INSERT INTO search_terms (search_terms, rowid, terms) VALUES ('delete', old.id, old.terms);
        INSERT INTO search_terms (rowid, terms) VALUES (new.id, new.terms); END""",
)
_POSTGRESQL = ("CREATE INDEX search_terms ON search_entries USING gin (CAST(terms AS tsvector))",)


def create_term_index(connection: Connection) -> None:
    """Create the index of an existing table `search_entries`."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.exec_driver_sql(statement)


def has_terms(connection: Connection, one_of: int = 1) -> TextClause:
    """Return the condition that an entry has the terms of the parameter `terms`: a query of FTS5, or a tsquery.

    `one_of` takes so small a part of these entries as a sample.
    """
    if connection.dialect.name == "sqlite":
        sampled = f" AND rowid % {one_of} = 0" if one_of > 1 else ""
        return text(f"search_entries.id IN (SELECT rowid FROM search_terms WHERE search_terms MATCH :terms{sampled})")  # noqa: S608  a number
    sampled = f" AND search_entries.id % {one_of} = 0" if one_of > 1 else ""
    return text(f"CAST(search_entries.terms AS tsvector) @@ CAST(:terms AS tsquery){sampled}")


def first_with_terms(connection: Connection) -> TextClause:
    """Return a query for the ids of entries that have the terms of the parameter `terms`, in any order, no more than `most` of them.

    The databases stop as soon as they have so many: a condition on entries would look up all first.
    """
    if connection.dialect.name == "sqlite":
        return text("SELECT rowid FROM search_terms WHERE search_terms MATCH :terms LIMIT :most")
    # PostgreSQL would rather look through all entries than ask the index where it thinks that a few matches will do.
    return text("""WITH matching AS MATERIALIZED (SELECT id FROM search_entries WHERE CAST(terms AS tsvector) @@ CAST(:terms AS tsquery))
        SELECT id FROM matching LIMIT :most""")


def count_with_terms(connection: Connection) -> TextClause:
    """Return a query for the number of entries that have the terms of the parameter `terms`, counted up to `most`."""
    return text(f"SELECT count(*) FROM ({first_with_terms(connection)}) AS counted")  # noqa: S608  our own query


def is_among_terms(connection: Connection) -> TextClause:
    """Return the condition of `has_terms` for very many matches, tried on entries that are gone through in an order of their own."""
    if connection.dialect.name == "sqlite":  # the sign keeps SQLite from looking up each match
        return text("+search_entries.id IN (SELECT rowid FROM search_terms WHERE search_terms MATCH :terms)")
    return has_terms(connection)
