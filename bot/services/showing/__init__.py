"""What a person is shown when they ask: a card, a list, what they searched."""
