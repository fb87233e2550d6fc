"""`{% live_stream "polls.poll" poll.pk %}`: where a page hears that this thing changed."""

from django import template

from tilios.core.live.announcing import address

register = template.Library()
register.simple_tag(address, name="live_stream")
