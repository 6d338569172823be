"""`python scripts/submit.py FILE…` is `monito submit FILE…`."""

import sys

from monito_ray.cli import main

if __name__ == "__main__":
    main(["submit", *sys.argv[1:]])
