"""The token that guards a service's Ray, in its file."""

import stat
from pathlib import Path

from monito_ray.cluster import session


def test_a_token_is_made_and_corrected(tmp_path: Path):
    """A file that is missing, empty or open to others ends up with a token that its owner alone can read; a good token stays."""
    path = tmp_path / "deep" / "token"
    session.ensure_token(path)
    first = path.read_text()
    assert (len(first), stat.S_IMODE(path.stat().st_mode)) == (64, 0o600)
    path.chmod(0o644)
    session.ensure_token(path)
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == (first, 0o600)
    path.write_text("\n")
    session.ensure_token(path)
    assert len(path.read_text()) == 64
