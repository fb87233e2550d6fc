"""Texts with words between braces: "Bonjour {prenom}". Letters by mail, letters on paper and reminders share them.

notation.py     finding the words of a text, judging them, putting what they stand for in their place
vocabulary.py   which words each sort of letter knows, for whoever writes
values.py       what they stand for, of a record or of several who share a letter
"""
