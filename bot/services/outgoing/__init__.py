"""What leaves: messages, notices and HubSpot rows, and the sender that carries them."""
