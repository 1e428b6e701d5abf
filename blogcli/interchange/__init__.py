"""What comes in and goes out: readers and writers of foreign formats, to and from one neutral record; no database."""
