"""python -m digitrec sweep: run a notebook with many parameters."""

import argparse
from pathlib import Path

from digitrec.commands.parser import whole_number

EXAMPLES = """examples:
  three runs, one for each learning rate:
    %(prog)s notebooks/03_training.ipynb --grid learning_rate=0.0003,0.001,0.003
  every combination, with seeds 1, 2 and 3: 18 runs:
    %(prog)s notebooks/03_training.ipynb \\
        --grid learning_rate=0.0003,0.001,0.003 --grid model_name=mlp,cnn --seeds 3
  a list of your own, and a table for spreadsheets:
    %(prog)s notebooks/03_training.ipynb --sets sets.json --csv table.csv
  on the machines of a Dask scheduler:
    %(prog)s notebooks/03_training.ipynb --seeds 100 --address tcp://10.0.0.7:8786

Each run has a folder of its own in runs/sweeps/, with the executed notebook and what it saved.
What is done is not done again: after Ctrl-C, or with more values, run the same line again.
docs/sweeps.md of the course says how to use many machines.
"""
INTERRUPTED = 130  # what shells expect after Ctrl+C


def add_to(subparsers: argparse._SubParsersAction) -> None:
    """Add the command to the parser of all commands."""
    parser = subparsers.add_parser(
        "sweep",
        help="run a notebook with many parameters",
        description="Run a notebook once for each set of parameters, and print all results as "
        "one table.",
        epilog=EXAMPLES,
    )
    parser.add_argument("notebook", metavar="NOTEBOOK.ipynb", type=Path, help="what to run")
    parser.add_argument(
        "--grid",
        metavar="NAME=VALUE,VALUE",
        action="append",
        default=[],
        help="values of a parameter; with several --grid, every combination is run",
    )
    parser.add_argument(
        "--seeds",
        metavar="N",
        type=whole_number,
        help="run each combination N times, with seeds 1 to N",
    )
    parser.add_argument(
        "--sets",
        metavar="SETS.json",
        type=Path,
        help='a list of parameter sets, such as [{"epochs": 1}, {"epochs": 3}], in place of --grid',
    )
    parser.add_argument(
        "--into",
        metavar="FOLDER",
        type=Path,
        help="where results are kept (default: runs/sweeps/ and the notebook's name)",
    )
    parser.add_argument(
        "--workers",
        metavar="N",
        type=whole_number,
        help="runs at a time (default: what this machine allows)",
    )
    parser.add_argument(
        "--threads",
        metavar="N",
        type=whole_number,
        help="cores for each run (default: all, divided)",
    )
    parser.add_argument(
        "--address",
        metavar="ADDRESS",
        help="of a Dask scheduler, whose machines do the work (default: DASK_SCHEDULER_ADDRESS, or "
        "this machine alone)",
    )
    parser.add_argument("--networks", action="store_true", help="keep the networks of all runs")
    parser.add_argument("--csv", metavar="TABLE.csv", type=Path, help="write the table as a file")
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Run the sweep, and print its table.

    Returns:
        0 if every run is done, 1 if one failed or is missing, 130 after Ctrl-C.
    """
    from digitrec import sweeps  # with Dask and papermill, which --help needs not

    table = sweeps.run(
        options.notebook.absolute(),
        parameter_sets(options),
        options.into and options.into.absolute(),
        address=options.address,
        workers=options.workers,
        threads=options.threads,
        networks=options.networks,
    )
    print(table)
    if options.csv:
        table.save_csv(options.csv.absolute())
        print(f"The table is in {options.csv}.")
    if table.stopped:
        return INTERRUPTED
    return 0 if len(table.done) == len(table) else 1


def parameter_sets(options: argparse.Namespace) -> list[dict[str, object]]:
    """Return the parameter sets that the options describe.

    Raises:
        ValueError: they contradict each other, or are none.
        FileNotFoundError: there is no file of them.
    """
    from digitrec.sweeps.parameter_sets import grid, loaded_sets, parsed_grid

    if options.sets and options.grid:
        raise ValueError("--sets and --grid: expected one of them.")
    sets = loaded_sets(options.sets) if options.sets else grid(**parsed_grid(options.grid))
    if options.seeds is None:
        return sets
    if options.seeds < 1:
        raise ValueError(f"--seeds {options.seeds}: expected 1 or more, such as 3.")
    if any("seed" in one for one in sets):
        raise ValueError("--seeds and a seed among the parameters: expected one of them.")
    return [one | {"seed": seed} for one in sets for seed in range(1, options.seeds + 1)]
