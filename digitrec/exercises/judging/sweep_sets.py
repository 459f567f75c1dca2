"""Judging whether the parameter sets of a sweep can answer the question that was asked."""

from collections.abc import Mapping

from digitrec.bounds import LARGEST_BATCH
from digitrec.exercises.values import shown
from digitrec.exercises.verdict import Verdict, not_attempted, not_yet, right

NAMES = (  # the parameters of the short notebook; a test compares them
    *("learning_rate", "model_name", "epochs", "batch_size", "train_size", "seed"),
    *("model_path", "results_path"),
)
LEAST_SIZES, LEAST_SEEDS, MOST_RUNS = 3, 3, 12


def judge_batch_sizes(answer: object) -> Verdict:
    """Judge sets that are to tell whether the batch size matters, in twelve runs at most."""
    if answer is None or answer is ...:
        return not_attempted()
    if not isinstance(answer, list | tuple) or not all(isinstance(one, Mapping) for one in answer):
        return not_yet(f"{shown(answer)} came; expected a list of sets, as `sweeps.grid` makes it.")
    sets = [dict(one) for one in answer]
    reason = wrong_names(sets) or wrong_values(sets) or wrong_plan(sets)
    if reason:
        return not_yet(reason)
    sizes = {one["batch_size"] for one in sets}
    return right(
        f"{len(sizes)} batch sizes, {len(sets) // len(sizes)} seeds each: mean and spread of each "
        "size can be told, and nothing else differs. Run it, and look at `summary`."
    )


def wrong_names(sets: list[dict[str, object]]) -> str:
    """Say which name in some sets is none, or is missing."""
    if not sets:
        return "There is no set in it, so nothing would run."
    unknown = [name for one in sets for name in one if name not in NAMES]
    if unknown:
        return f"{shown(unknown[0])}: the short notebook has no such parameter."
    for name in ("batch_size", "seed"):
        if not all(name in one for one in sets):
            return f"A set without `{name}` came. Every run needs one of its own."
    return ""


def wrong_values(sets: list[dict[str, object]]) -> str:
    """Say which batch size or seed is none."""
    for one in sets:
        size, seed = one["batch_size"], one["seed"]
        if type(size) is not int or not 1 <= size <= LARGEST_BATCH:
            return f"batch_size = {shown(size)}; expected a whole number from 1 to {LARGEST_BATCH}."
        if type(seed) is not int or seed < 0:
            return f"seed = {shown(seed)}; expected a whole number of 0 or more."
    return ""


def wrong_plan(sets: list[dict[str, object]]) -> str:
    """Say why the sets cannot tell what is asked, or take too many runs."""
    others = [name for name in sets[0] if name not in ("batch_size", "seed")]
    for name in others:
        values = {shown(one.get(name)) for one in sets}
        if len(values) > 1:
            return (
                f"`{name}` changes, too: {', '.join(sorted(values))}. Then nobody can tell which "
                "of the two made the difference."
            )
    seeds: dict[int, list[int]] = {}
    for one in sets:
        seeds.setdefault(one["batch_size"], []).append(one["seed"])
    if len(seeds) < LEAST_SIZES:
        return f"{len(seeds)} batch sizes came; expected at least {LEAST_SIZES}."
    if any(len(some) != len(set(some)) for some in seeds.values()):
        return "A set comes twice. With the same seed the same comes out, so it is run once."
    fewest = min(seeds, key=lambda size: len(seeds[size]))
    if len(seeds[fewest]) < LEAST_SEEDS:
        return (
            f"Batch size {fewest} has {len(seeds[fewest])} seed"
            f"{'s' if len(seeds[fewest]) > 1 else ''}. A difference between so few runs may be "
            f"luck; give each size at least {LEAST_SEEDS}."
        )
    if len({frozenset(some) for some in seeds.values()}) > 1:
        return (
            "The batch sizes have different seeds. With the same ones, each size gets the same "
            "images and the same start, and less of the difference is luck."
        )
    if len(sets) > MOST_RUNS:
        return f"These are {len(sets)} runs; expected at most {MOST_RUNS}."
    return ""
