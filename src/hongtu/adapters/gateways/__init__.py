"""Ways out of the house for notices: mail, and the group robots of WeCom and DingTalk."""

from hongtu.adapters.gateways.sending import route, send

__all__ = ["route", "send"]
