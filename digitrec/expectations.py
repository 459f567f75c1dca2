"""Telling a learner when something came out otherwise than it usually does, without stopping.

A test needs an error, a learner needs a sentence: whoever trains on 1,000 images has done nothing
wrong, and wants to see what comes of it.
"""

import os

STRICT = "DIGITREC_STRICT"  # an environment variable; the tests and `make notebooks` set it to 1


def expect(held: bool, otherwise: str) -> None:
    """Say in a sentence when something came out otherwise than it usually does, and go on.

    Args:
        held: whether it came out as expected.
        otherwise: what to say if not: what came, what usually comes, and the likely reason.

    Raises:
        AssertionError: it did not hold, and the environment variable DIGITREC_STRICT is 1, as in
            the tests.

    >>> accuracy = 0.976
    >>> expect(accuracy > 0.9, f"{accuracy:.1%} is low for this network.")
    """
    if held:
        return
    if os.environ.get(STRICT) == "1":
        raise AssertionError(otherwise)
    print(f"Unusual: {otherwise}")
