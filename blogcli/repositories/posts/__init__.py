"""Queries and changes of posts."""
