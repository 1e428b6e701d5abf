"""All SQL: repositories that take a session, flush, and never commit."""
