"""How data is found: all SQL lives here. A repository takes a session and never commits."""
