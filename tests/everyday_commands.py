"""Command lines that together use most statements of the program, for tests of unusual connections and roles."""

# These commands begin with an empty blog, and change it one after the other.
WRITING_COMMANDS = (
    ("user", "create", "ann@example.org", "--no-password"),
    ("post", "create", "--title", "One", "--author", "ann@example.org", "--tag", "python", "--content", "some words"),
    ("db", "seed", "--force", "--posts", "5"),
    ("post", "publish", "one"),
    ("post", "update", "one", "--title", "Two"),
    ("tag", "rename", "python", "py"),
    ("post", "tag", "add", "new", "--all"),
    ("tag", "merge", "new", "py", "--yes"),
    ("post", "replace", "words", "texts", "one"),
    ("undo", "9", "--yes"),
    ("redo", "9", "--yes"),
    ("post", "publish-due"),
    ("post", "delete", "one"),
    ("post", "delete", "one", "--purge", "--yes"),
    ("user", "update", "ann@example.org", "--full-name", "Ann"),
    ("db", "reindex"),
    ("log", "forget", "--user", "ann@example.org", "--yes"),
    ("log", "prune", "--keep", "1", "--yes"),
)
READING_COMMANDS = (
    ("post", "list"),
    ("post", "search", "words"),
    ("tag", "list"),
    ("user", "list"),
    ("stats", "overview"),
    ("export", "jsonl"),
    ("schedule", "next"),
    ("log",),
    ("db", "status"),
    ("db", "check"),
    ("check",),
)
