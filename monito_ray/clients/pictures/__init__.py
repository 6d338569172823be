"""Pictures for chats and documents: the only room that knows matplotlib."""
