"""Plain words: read against the book, read back, and logged once confirmed."""
