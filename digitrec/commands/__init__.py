"""What `python -m digitrec` can do: each module has `add_to`, which adds it to the parser."""

from digitrec.commands import hands, sheet, sweep

COMMANDS = (sheet, hands, sweep)  # in the order in which the help shows them
