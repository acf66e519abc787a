"""What the README's performance table is made by: the product against a floor measured in the same run."""
