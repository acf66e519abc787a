"""What comes in: from HubSpot, or from a file."""
