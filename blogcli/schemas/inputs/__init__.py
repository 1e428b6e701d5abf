"""Pydantic classes that validate data before services store the data."""
