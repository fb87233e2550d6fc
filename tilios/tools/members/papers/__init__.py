"""What is printed of members.

choosing.py    of whom: everybody, a status, a search, a group, some of them ticked
kinds.py       the papers there are, and what each page says before one is made
making.py      a paper of some people as PDF, at once or by parts
jobs.py        a paper of many people, in the background; forgotten after a day
addresses.py   the address that the QR of a card holds
labels.py      labels placed on their sheet
cards.py       cards placed ten a sheet, or one alone
lists.py       the attendance sheet and the register
records.py     the record to be checked and signed, the blank form to join
letters.py     letters with their words filled (filling/)
live_texts.py  letters whose text is a live text: who sees it, what paper prints of it
"""
