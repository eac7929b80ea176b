"""Models hold keys, fetch rows when they are looked at, and go stale by what the hub names."""
