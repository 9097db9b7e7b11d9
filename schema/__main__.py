"""`python -m schema` prints the SDL; `schema/schema.graphql` is what it printed last."""

import sys

from schema.execution import Schema


def main() -> None:
    sys.stdout.write(Schema(open=True).as_str() + "\n")


if __name__ == "__main__":
    main()
