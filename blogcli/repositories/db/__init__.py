"""Queries about the database itself: its schema, its revision, its size and its server."""
