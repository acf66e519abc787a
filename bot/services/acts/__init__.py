"""What a person does to a run: each is one transaction, behind one door."""
