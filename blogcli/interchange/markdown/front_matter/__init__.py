"""Parse and write front matter in every syntax that generators use."""
