"""What the day brings unasked: the morning, its batches, and the manager's message."""
