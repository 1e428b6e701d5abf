"""SQL about the database itself."""
