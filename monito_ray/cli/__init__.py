"""The console command `monito`."""

from monito_ray.cli.submit import main

__all__ = ["main"]
