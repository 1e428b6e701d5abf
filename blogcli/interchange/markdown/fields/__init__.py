"""Convert the fields of front matter to the attributes of a post record."""
