"""Repositories, which contain all SQL. They use a given session, flush changes, and never commit."""
