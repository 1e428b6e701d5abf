"""Check posts and tags for mistakes in their content. The rules are pure functions that know no database."""
