"""The rules of working a renewal, as pure functions of facts and an instant (no I/O, no Slack, no SQL)."""
