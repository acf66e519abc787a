"""The Web API: one function per method, and the table of those the product calls."""
