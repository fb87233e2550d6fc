"""The cast (Alice, Bob, Gus, Charlie, Nobody) plays in every test, those of the core and of the tools included."""

pytest_plugins = ["tests.cast", "tests.harness.journal"]
