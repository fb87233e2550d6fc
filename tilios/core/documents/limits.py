"""How much a text, a message and a connection may be."""

MESSAGE = 8 * 1024 * 1024  # bytes of one message: a whole text comes back in one after a day without a network
TEXT = 20 * 1024 * 1024  # bytes of the sum of a text
CURSOR = 4096  # bytes of what a browser says of its cursor
MESSAGES_A_SECOND = 60
BURST = 600
CONNECTIONS_OF_TEXT = 500
CONNECTIONS = 3000  # of one process
BEHIND = 16 * 1024 * 1024  # bytes waiting for a reader too slow to take them
FILE = 50 * 1024 * 1024
