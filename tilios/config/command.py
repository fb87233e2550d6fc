"""`tilios`: the one command."""

import os
import sys
from pathlib import Path

HELP = """Usage: tilios COMMAND [options]

  run          serve everything in one process (--host, --port, --data, --demo)
  init         make the data folder, the database and its tables
  demo         load the demonstration (--json prints where and as whom to sign in)
  structure    create, list, suspend and resume structures
  person       add a person, give a role
  app-password print a new app password (EMAIL --scope SCOPE --label TEXT)
  lmtp         take the letters that a mail server hands over, in a process of its own (--at 127.0.0.1:8024)
  export       take a structure out: export STRUCTURE FILE.zip
  import       bring a structure in: import FILE.zip
  erase        erase a structure for good: erase STRUCTURE
  quota        say or set the room of a structure for its files: quota STRUCTURE 50GB
  verify       check the journal's seal, the blobs and the database; non-zero and named when something is wrong
  tools        list the tools
  manage       any Django command: manage migrate, manage shell…

`tilios COMMAND --help` says more.
"""


def main() -> None:
    """Run one command; settings come from the environment or tilios.toml."""
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(HELP)
        return
    if "--data" in arguments:  # before the settings are read: they look for the data folder
        place = arguments.index("--data")
        os.environ["TILIOS_DATA"] = str(Path(arguments[place + 1]).resolve())
        del arguments[place : place + 2]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tilios.config.settings")
    from django.core.management import execute_from_command_line

    from tilios.config.environment import BadSetting

    name, rest = arguments[0], arguments[1:]
    if name == "manage":
        line = ["tilios manage", *rest]
    else:
        line = ["tilios", f"tilios_{name.replace('-', '_')}", *rest]
    try:
        execute_from_command_line(line)
    except BadSetting as problem:
        sys.exit(f"tilios: {problem}")


if __name__ == "__main__":
    main()
