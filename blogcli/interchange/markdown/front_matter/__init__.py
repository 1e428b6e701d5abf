"""Parse front matter in every syntax that site generators use, and write front matter in YAML."""
