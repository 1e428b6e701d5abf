"""Query and change posts."""
