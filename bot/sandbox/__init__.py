"""A Bot API server on loopback with a page of phones: the demo, and the tests' other end."""

from bot.sandbox.messages import Button, Message, Toast
from bot.sandbox.phone import Group, Phone
from bot.sandbox.server import Call, Sandbox

__all__ = ["Button", "Call", "Group", "Message", "Phone", "Sandbox", "Toast"]
