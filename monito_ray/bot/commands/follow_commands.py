"""What a person wants to be told of: a search, a category or everything, at once or in the morning."""

from monito_ray import wiring
from monito_ray.bot.commands.command_call import BotReply, CommandCall
from monito_ray.jobs import chat_follows
from monito_ray.jobs.chat_follows import MOST_FOLLOWS, Follow, FollowKind
from monito_ray.messages import N_, category_called, category_title, shorten
from monito_ray.pipeline.products.taxonomy import category_names

_TITLE_LENGTH = 30
_VALUE_LENGTH = 60
_YOURS = N_("You follow:")
_NOTHING = N_("You follow nothing yet. Write /follow and what you want to be told of: /follow beras, /follow {category}.")
_EXAMPLE = "dairy & eggs"
_EVERYTHING = N_("everything")
_FOLLOW_ALL = N_("Follow everything")
_STOP = N_("Stop: {what}")
_AT_ONCE = N_("You are told at once.")
_IN_THE_MORNING = N_("You are told in the morning.")
_TELL_AT_ONCE = N_("Tell me at once")
_TELL_DAILY = N_("Tell me in the morning")
_FOLLOWED = N_("You are told when {what} rises or falls by {percent} or more, shrinks, or is gone.")
_ALL_FOLLOWED = N_("You are told when anything rises or falls by {percent} or more, shrinks, or is gone.")
_TOO_MANY = N_("You follow {n} things already. Stop one of them first.")


def follow(call: CommandCall) -> BotReply:
    """Follow what the words name, or show what is followed."""
    own = chat_follows.follows_of(call.store, call.user_id)
    if not call.argument:
        return _show(call, own)
    if len(own) >= MOST_FOLLOWS:
        return BotReply(call.messages.say(_TOO_MANY, n=len(own)))
    new = _follow_of(call, any(each.is_daily for each in own))
    chat_follows.add_follow(call.store, new, wiring.utc_now())
    percent = call.messages.numbers.change(call.settings.alert_percent / 100).lstrip("+")
    if new.kind is FollowKind.ALL:
        return BotReply(call.messages.say(_ALL_FOLLOWED, percent=percent), is_loud=True)
    return BotReply(call.messages.say(_FOLLOWED, what=_what(call, new), percent=percent), is_loud=True)


def stop_following(call: CommandCall) -> BotReply:
    """Follow something no longer, by its button."""
    for each in chat_follows.follows_of(call.store, call.user_id):
        if each.key == call.argument:
            chat_follows.remove_follow(call.store, each)
    shown = _show(call, chat_follows.follows_of(call.store, call.user_id))
    return BotReply(shown.html, shown.buttons, replaces=True)


def set_time(call: CommandCall) -> BotReply:
    """Be told at once, or in the morning, by a button."""
    chat_follows.set_daily(call.store, call.user_id, is_daily=call.argument == "daily")
    shown = _show(call, chat_follows.follows_of(call.store, call.user_id))
    return BotReply(shown.html, shown.buttons, replaces=True)


def _follow_of(call: CommandCall, is_daily: bool) -> Follow:
    words = shorten(" ".join(call.argument.split()), _VALUE_LENGTH)
    if words.casefold() == FollowKind.ALL:
        kind, value = FollowKind.ALL, ""
    elif category := category_called(call.messages, words, category_names()):
        kind, value = FollowKind.CATEGORY, category
    else:
        kind, value = FollowKind.WORDS, words
    return Follow(call.user_id, kind, value, call.chat_id or call.user_id, is_daily, call.messages.language)


def _show(call: CommandCall, own: list[Follow]) -> BotReply:
    everything = (call.messages.plain(_FOLLOW_ALL), "follow:all")
    if not own:
        return BotReply(call.messages.say(_NOTHING, category=category_title(call.messages, _EXAMPLE)), [everything])
    is_daily = any(each.is_daily for each in own)
    lines = [call.messages.say(_YOURS), *(f"• {call.messages.say('{what}', what=_what(call, each))}" for each in own)]
    lines.append(call.messages.say(_IN_THE_MORNING if is_daily else _AT_ONCE))
    stops = [(shorten(call.messages.plain(_STOP).format(what=_what(call, each)), _TITLE_LENGTH), f"unfollow:{each.key}") for each in own]
    other = (call.messages.plain(_TELL_AT_ONCE), "when:now") if is_daily else (call.messages.plain(_TELL_DAILY), "when:daily")
    has_all = any(each.kind is FollowKind.ALL for each in own)
    return BotReply("\n".join(lines), [*stops, other, *([] if has_all else [everything])])


def _what(call: CommandCall, one: Follow) -> str:
    if one.kind is FollowKind.CATEGORY:
        return category_title(call.messages, one.value)
    return call.messages.plain(_EVERYTHING) if one.kind is FollowKind.ALL else one.value
