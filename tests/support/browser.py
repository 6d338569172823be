"""A real browser without a window, for tests of the report: Debian's chromium, or Chrome."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from html import unescape
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW_TO_GET_ONE = "no browser: apt-get install chromium (Debian), or put chromium or google-chrome on the PATH"
_LIMIT_S = 90
_CONSOLE = re.compile(r"CONSOLE:\d+\] (.*)|(Uncaught .*)")


@dataclass(frozen=True)
class Seen:
    """A page as the browser has it after its script ran."""

    dom: str
    #: What the page wrote to its console, errors and refusals among them.
    console: tuple[str, ...]

    @property
    def text(self) -> str:
        """What a person reads, on one line."""
        without_code = re.sub(r"<(script|style|noscript)[^>]*>.*?</\1>", " ", self.dom, flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", without_code)).split())


@dataclass(frozen=True)
class Browser:
    """Opens files; `profile` is a folder for its own."""

    program: str
    profile: Path

    def open(self, page: Path, fragment: str = "", *options: str) -> Seen:
        """Return the page at the address with this fragment, once nothing moves any more."""
        done = self._run(*options, "--dump-dom", f"{page.as_uri()}#{fragment}")
        return Seen(done.stdout, _console(done.stderr))

    def print(self, page: Path, paper: Path, fragment: str = "") -> Path:
        """Write the page as PDF, as it is printed."""
        self._run(f"--print-to-pdf={paper}", "--no-pdf-header-footer", f"{page.as_uri()}#{fragment}")
        return paper

    def _run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        # Nothing of the network: what a page asks for shows as an error in its console.
        alone = (
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--host-resolver-rules=MAP * ~NOTFOUND",
        )
        time = ("--virtual-time-budget=10000", "--enable-logging=stderr", f"--user-data-dir={self.profile}")
        command = [self.program, *alone, *time, *arguments]
        own_home = {**os.environ, "HOME": str(self.profile), "XDG_CONFIG_HOME": "", "XDG_CACHE_HOME": ""}
        return subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT_S, check=True, env=own_home)


def browser_program() -> str | None:
    """Return the path of a browser, None where there is none."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def _console(log: str) -> tuple[str, ...]:
    return tuple(match[1] or match[2] for match in _CONSOLE.finditer(log))
