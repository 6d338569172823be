"""`python -m monito_ray` is `monito`."""

from monito_ray.cli import main

if __name__ == "__main__":
    main()
