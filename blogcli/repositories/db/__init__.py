"""Queries on the database itself: its schema, its version and its size."""
