"""Block Kit as Slack enforces it: what a message, a modal and a Home tab may be made of."""

from sandbox.slack.blockkit.blocks import MESSAGE_BLOCKS, check_blocks
from sandbox.slack.blockkit.views import check_view

__all__ = ["MESSAGE_BLOCKS", "check_blocks", "check_view"]
