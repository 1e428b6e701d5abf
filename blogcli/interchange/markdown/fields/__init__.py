"""Convert the fields of front matter to the fields of a record."""
