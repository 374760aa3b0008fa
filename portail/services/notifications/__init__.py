"""What families are told of by mail: now, in the daily digest, or not at all, as each chose."""

from portail.services.notifications.telling import Notice, Thing, tell, tell_all, tell_things

__all__ = ["Notice", "Thing", "tell", "tell_all", "tell_things"]
