"""The mailroom: letters that come in for the tools, by a mail server beside this one or from a box read over IMAP.

A tool declares which addresses it takes (`Tool.mail`). An address holds the name that the tool took, the structure and
a key that only the receiver of one of our letters knows:

    agenda+12-4f0c…@mail.example.org        with TILIOS_MAIL_DOMAIN: a mail server hands letters over (LMTP)
    asso+agenda-4f0c…@example.org           a box of the structure whose provider knows addresses with a plus
    asso@example.org                        a box whose provider does not: the letter itself must say what it is about

Whatever the header "From" says, the key tells to what a letter belongs; whether its sender is who the key was given to
is for the tool to judge.
"""
