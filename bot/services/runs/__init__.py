"""A run as its facts tell it: read, summed up, never changed here."""
