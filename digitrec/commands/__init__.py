"""What `python -m digitrec` can do: each module has `add_to`, which adds it to the parser."""

from digitrec.commands import hands, page, read, sheet, sweep

COMMANDS = (read, page, sheet, hands, sweep)  # in the order in which the help shows them
