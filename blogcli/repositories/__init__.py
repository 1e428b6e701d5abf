"""Repositories, which contain all SQL. A repository uses a given session. It flushes changes, but never commits."""
