"""What the tests stand on: a private PostgreSQL, a real server, a real browser. Knows nothing of people or tools."""
