"""Pydantic classes that validate the data which services store."""
