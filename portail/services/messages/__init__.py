"""Messages: families write to the town's services, which answer."""

from portail.services.messages.abouts import choices
from portail.services.messages.attachments import OpenedFile, open_file
from portail.services.messages.drafts import keep, my_draft, remove_file, throw_away
from portail.services.messages.mine import (
    close,
    conversation,
    mark_read,
    my_threads,
    of_procedure,
)
from portail.services.messages.sending import send
from portail.services.messages.views import (
    AboutView,
    Choices,
    Closed,
    Conversation,
    Draft,
    FileView,
    Filter,
    MessageView,
    NewerMessage,
    NotSent,
    RefusedFile,
    Sent,
    ServiceView,
    ThreadLine,
    ThreadPage,
    Told,
    UnreadAnswer,
    Written,
)

__all__ = [
    "AboutView",
    "Choices",
    "Closed",
    "Conversation",
    "Draft",
    "FileView",
    "Filter",
    "MessageView",
    "NewerMessage",
    "NotSent",
    "OpenedFile",
    "RefusedFile",
    "Sent",
    "ServiceView",
    "ThreadLine",
    "ThreadPage",
    "Told",
    "UnreadAnswer",
    "Written",
    "choices",
    "close",
    "conversation",
    "keep",
    "mark_read",
    "my_draft",
    "my_threads",
    "of_procedure",
    "open_file",
    "remove_file",
    "send",
    "throw_away",
]
