"""The file format of backups. The format does not depend on the database system."""
