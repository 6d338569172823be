"""What servers take is kept between commands."""

from pathlib import Path

from monito_ray.clients.llm.chat_completions import LlmAddress
from monito_ray.clients.llm.profile_store import ProfileStore
from monito_ray.pipeline.llm.questions import AnswerForm
from monito_ray.pipeline.llm.server.server_profile import ServerProfile

HERE = LlmAddress("http://localhost:8080/v1", "s3cret", "home-grown")
PROFILE = ServerProfile(AnswerForm.PLAIN, frozenset({"service_tier"}), rows=10, is_proved=True)


def test_a_profile_is_of_one_server_model_and_setting(tmp_path: Path):
    """Another model there, or another service tier, may be taken otherwise; the key is written nowhere."""
    store = ProfileStore(tmp_path / "home" / "llm-servers.json")
    store.save(HERE, PROFILE)
    others = [LlmAddress(HERE.base_url, "", "other"), LlmAddress(HERE.base_url, "", HERE.model, service_tier="flex")]
    store.save(others[0], ServerProfile(is_proved=True))
    assert ProfileStore(tmp_path / "home" / "llm-servers.json").load(HERE) == PROFILE
    assert [store.load(other) is None for other in others] == [False, True]
    assert "s3cret" not in (tmp_path / "home" / "llm-servers.json").read_text("utf-8")


def test_a_broken_file_is_as_none(tmp_path: Path):
    """What a server takes is then found again, and kept."""
    path = tmp_path / "llm-servers.json"
    for text in ("{", "[]", '{"a": 1}'):
        path.write_text(text, "utf-8")
        assert ProfileStore(path).load(HERE) is None
    ProfileStore(path).save(HERE, PROFILE)
    assert ProfileStore(path).load(HERE) == PROFILE
