"""The SQL of the journal: the triggers that record changes, and the queries on operations and changes."""
