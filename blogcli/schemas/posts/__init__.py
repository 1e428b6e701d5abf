"""The records of posts, and the options of the commands that read and change posts."""
