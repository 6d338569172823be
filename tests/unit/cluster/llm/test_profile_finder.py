"""What answers teach of the length of requests."""

from monito_ray.cluster.llm.profile_finder import ProfileFinder
from monito_ray.cluster.llm.request_batch import BatchSize
from monito_ray.pipeline.llm.server.server_profile import ServerProfile


def test_lengths_are_counted_in_rows():
    """Twenty items as long as two rows each prove that forty rows are answered, and five that fit that ten rows do."""
    finder = ProfileFinder(ServerProfile(is_proved=True), batch_rows=40)
    finder.learn_size(BatchSize(20), 20, 2)
    assert (finder.profile.longest, finder.profile.rows) == (40, 0)
    size = BatchSize(20, is_proved=False)
    size.on_failure(20, has_answers=False)
    size.on_answer(size.limit)
    finder.learn_size(size, size.limit, 2)
    assert finder.profile.rows == 2 * size.limit == 10
