"""Queries about the database itself, such as its schema, its revision and its size."""
