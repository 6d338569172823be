"""`monito`, which `python -m monito_ray` is, too."""

import os
import signal

_INTERRUPTED = 130  # as `cli.app` has it, which is not imported yet


def run() -> None:
    """Run `monito`; a Ctrl-C while its modules are imported ends the process without a word."""
    raises = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # else a shell that started this in the background ignores it
    if raises:
        signal.signal(signal.SIGINT, lambda _number, _frame: os._exit(_INTERRUPTED))
    from monito_ray.cli import main  # noqa: PLC0415

    if raises:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    main()


if __name__ == "__main__":
    run()
