"""The `renewals` command."""


def main() -> int:
    return 0
