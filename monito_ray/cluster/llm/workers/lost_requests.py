"""Requests in doubt: Ray has lost their calls, or the worker was away meanwhile. A worker that lives has their answers, which are paid for.

So it is asked about them. Only its death, that of its node, or a silence beyond every time-out ends a request without a reply.
"""

from monito_ray.cluster import node_watch
from monito_ray.cluster.llm.request import Request
from monito_ray.cluster.llm.worker import UnheardRequest, WorkerReply
from monito_ray.cluster.llm.workers.tracked_worker import LostRequest, SentRequest, TrackedWorker, loss_of, lost_reply
from monito_ray.cluster.node_watch import NodeState
from monito_ray.errors import LlmNodeLost
from monito_ray.records import LlmUse

#: How often a worker is asked what became of requests; if it does not answer, it is asked anew after so long.
_SEARCH_EVERY_S, _FORGET_S = 1.0, 20.0
#: A worker's death is looked into after this wait: when a node dies, its workers end before its raylet does, and nodes are looked at in turn.
_INQUEST_S = 2.0
#: A worker that nothing was heard of for so long says nothing of its life.
_SILENT_S = 5.0
#: Beyond its own time-out a request is looked for after this, and given up after that.
_LATE_S, _OVERDUE_S = 5.0, 60.0


def search(member: TrackedWorker, now: float, timeout_s: float) -> list[tuple[Request, WorkerReply]]:
    """Take what a worker says of its requests in doubt, and ask it about them. The caller holds the group's lock."""
    ended = _take_answer(member, now)
    late = [sent for sent in member.in_flight.values() if sent.at < member.up_since or now - sent.at > timeout_s + _LATE_S]
    doubtful = [sent.request.id for sent in [*(one.sent for one in member.lost), *late]]
    if doubtful and member.is_up and member.search is None and now - member.searched_at >= _SEARCH_EVERY_S:
        member.search, member.searched_at = member.actor.look_up.remote(doubtful), now
    return ended


def _take_answer(member: TrackedWorker, now: float) -> list[tuple[Request, WorkerReply]]:
    import ray  # noqa: PLC0415

    if member.search is None:
        return []
    if not ray.wait([member.search], timeout=0)[0]:
        if now - member.searched_at > _FORGET_S:
            member.search = None
        return []
    answer, member.search = member.search, None
    try:
        life_id, requests = ray.get(answer)
    except ray.exceptions.RayError:
        return []
    sent = member.in_flight | {one.sent.request.id: one.sent for one in member.lost}
    ended = []
    for request_id, request in requests.items():
        reply = _reply_in(request)
        if reply is None or request_id not in sent or sent[request_id].life.id != life_id:
            continue  # it is on its way, or its reply came meanwhile; or the worker has died since, as its life says
        _forget(member, sent[request_id])
        if request is not None:
            member.received.add(request_id)
        ended.append((sent[request_id].request, reply))
    return ended


def _reply_in(request: UnheardRequest | None) -> WorkerReply | None:
    if request is None:
        return lost_reply(LlmNodeLost("the request did not reach its worker"), LlmUse(), is_certain=True)
    return request.reply


def give_up(member: TrackedWorker, now: float, timeout_s: float) -> list[tuple[Request, WorkerReply]]:
    """Take the requests of a worker that no reply will come to, with the reason. The caller holds the group's lock."""
    for sent in [one for one in member.in_flight.values() if _has_died_since(member, one, now) or _is_node_gone(one)]:
        del member.in_flight[sent.request.id]
        member.lost.append(LostRequest(sent, now))
    ended = []
    for one in [*member.lost, *(LostRequest(sent, now) for sent in member.in_flight.values())]:
        if _is_node_gone(one.sent):
            ended.append((one.sent, loss_of(node_lives=False)))
        elif _has_died_since(member, one.sent, now) and now - one.at >= _INQUEST_S:
            ended.append((one.sent, loss_of(node_lives=True)))
        elif now - one.sent.at > timeout_s + _OVERDUE_S:
            ended.append((one.sent, LlmNodeLost("nothing was heard of the request")))
    for sent, _ in ended:
        _forget(member, sent)
    return [(sent.request, lost_reply(error, LlmUse(requests=1))) for sent, error in ended]


def _has_died_since(member: TrackedWorker, sent: SentRequest, now: float) -> bool:
    """Return whether the worker has died since it was sent the request."""
    return member.is_dead or (member.life is not None and sent.life != member.life and now - member.heard_at < _SILENT_S)


def _is_node_gone(sent: SentRequest) -> bool:
    """Return whether the node has ended; one that is merely cut off may come back with all its answers."""
    watch = node_watch.watch()
    return watch.state(sent.life.node_id) is NodeState.GONE or watch.is_shut(sent.life.node_id)


def _forget(member: TrackedWorker, sent: SentRequest) -> None:
    member.in_flight.pop(sent.request.id, None)
    member.lost = [one for one in member.lost if one.sent is not sent]
