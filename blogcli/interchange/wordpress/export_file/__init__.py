"""Read the elements of WordPress export files (WXR)."""
