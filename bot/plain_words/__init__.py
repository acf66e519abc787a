"""What a person means by a few plain words about one account. PURE: no I/O, no clock, no database."""
