"""Scenarios as people write them in files, and the playbook's answers as `renewals plan` prints them."""
