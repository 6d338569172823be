"""The port of the figures for Prometheus."""

import socket

import pytest

from monito_ray.cluster.session import free_port


def test_a_free_port_is_taken_as_set(capsys: pytest.CaptureFixture[str]):
    """Nothing is said; 0 is any free one."""
    port = free_port(0)
    assert port > 0
    assert free_port(port) == port
    assert capsys.readouterr().err == ""


def test_a_port_that_is_taken_is_told_with_the_one_instead(capsys: pytest.CaptureFixture[str]):
    """The warning has both; a port that becomes free in time is taken."""
    with socket.socket() as other:
        other.bind(("", 0))
        other.listen()
        port = other.getsockname()[1]
        instead = free_port(port, wait_s=0.2)
        assert instead != port
        line = capsys.readouterr().err
        assert f"MONITO_METRICS_PORT {port}" in line
        assert f"port={instead}" in line
    assert free_port(port) == port
