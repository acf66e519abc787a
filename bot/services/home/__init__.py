"""App Home: a rep's book of business, and the team board of those who manage."""
