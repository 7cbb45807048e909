"""A Bot API server on loopback with a page of phones: the demo, and the tests' other end."""

from bot.sandbox.log import Entry, Log
from bot.sandbox.messages import Button, Document, Link, Message, Photo, Toast
from bot.sandbox.phone import Group, Note, Phone
from bot.sandbox.server import Call, Sandbox

__all__ = [
    "Button",
    "Call",
    "Document",
    "Entry",
    "Group",
    "Link",
    "Log",
    "Message",
    "Note",
    "Phone",
    "Photo",
    "Sandbox",
    "Toast",
]
