"""Passwords a person can read aloud and type."""

import secrets

CONSONANTS = "bcdfgklmnprstvz"
VOWELS = "aeiou"


def passphrase(words: int = 4) -> str:
    """`words` made-up words of three syllables, such as "badino-keluro-savote-mirapu": about 18 bits each."""
    return "-".join(
        "".join(secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _syllable in range(3)) for _word in range(words)
    )
