"""Convert HTML to Markdown."""
