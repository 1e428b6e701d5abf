"""Queries about the database itself, such as queries of its schema, its revision and its size."""
