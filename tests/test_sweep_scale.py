"""What docs/sweeps.md says is so: its numbers, its arithmetic, its commands; nothing grows."""

import copy
import heapq
import json
import re
import shlex
import sys
import time
from datetime import datetime, timedelta
from fractions import Fraction

import dask
import nbformat
import numpy as np
import pytest
import yaml
from conftest import ROOT
from distributed import Client, LocalCluster, get_worker
from distributed.cli import dask_scheduler, dask_worker
from distributed.deploy.utils import nprocesses_nthreads
from distributed.security import Security

from digitrec.commands import sweep as command
from digitrec.commands.parser import Parser
from digitrec.sweeps import clusters, kernels, rows, sweep
from digitrec.sweeps.identity import Run, package_fingerprint, plan
from digitrec.sweeps.notebooks import Notebook, open_notebook
from digitrec.sweeps.results import Record
from digitrec.sweeps.runs import Job, Outcome, execute

sys.path.append(str(ROOT / "benchmarks"))
import sweeps as benchmark
import sweeps_page as page

TEXT = page.PAGE.read_text("utf-8")
RECORD = json.loads(benchmark.RECORD.read_text())
COSTS = json.loads((ROOT / "benchmarks" / "notebook_costs.json").read_text())["notebooks"]


def measured(*parts):
    """Mark a test that looks at parts of the record; what is missing there, the page says."""
    missing = set(parts) - set(RECORD)
    return pytest.mark.skipif(missing, reason=f"not measured yet: {missing}; make sweeps does it")


def cells(name, record=RECORD):
    """The rows of a table of the page by their first cell, without stars."""
    lines = [line[1:-1].split("|") for line in page.BLOCKS[name](record).splitlines()[2:]]
    return {line[0].strip(" *"): [cell.strip() for cell in line[1:]] for line in lines}


# --- the numbers ---------------------------------------------------------------------------------


def test_the_page_says_what_was_measured():
    assert page.in_page(TEXT, RECORD) == TEXT
    assert set(RECORD) <= {*benchmark.PARTS, "machine"}
    assert set.union(*page.PARTS.values()) == set(benchmark.PARTS)
    assert set(page.PARTS) == set(page.BLOCKS)
    empty = page.in_page(TEXT, {name: RECORD[name] for name in ("machine", "runs")})
    assert empty.count(page.MISSING) == len(page.BLOCKS) - 3


@measured(*benchmark.PARTS)
def test_as_much_was_measured_as_was_promised():
    full = benchmark.Scale()
    assert full.equal == RECORD["equal"]["runs"] == 12
    assert full.tiny == RECORD["tiny"]["runs"] == 1_000
    assert full.pretended == RECORD["pretended"]["runs"] == page.MANY
    assert len(RECORD["equal"]["rounds"]) >= 2
    assert len(RECORD["equal"]["parts"]) == 12 * len(RECORD["equal"]["rounds"])
    assert len(RECORD["warm"]["runs"]) == 12
    assert set(RECORD["runs"]["each"]) == set(full.names)


def test_the_targets_are_kept():
    assert (benchmark.MOST_RATIO, benchmark.MOST_OVERHEAD, benchmark.MOST_GROWTH) == (0.6, 0.1, 200)
    assert benchmark.faults(RECORD) == []


def slower(record, arm, factor):
    for one in record["equal"]["rounds"]:
        one[arm]["seconds"] *= factor


@measured(*benchmark.PARTS)
@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda record: slower(record, "two workers", 2), "Two workers"),
        (lambda record: slower(record, "plain", 0.5), "Overhead"),
        (lambda record: record["tiny"].update(scheduler_growth_mb=201), "scheduler grew"),
        (lambda record: record["tiny"].update(rows=999), "complete and right"),
        (lambda record: record["tiny"].update(right=999), "complete and right"),
        (lambda record: record["tiny"].update(done_again=0), "complete and right"),
        (lambda record: record["pretended"].update(done=9_999), "is not complete"),
    ],
)
def test_a_missed_target_is_told(spoil, told):
    record = copy.deepcopy(RECORD)
    spoil(record)
    (fault,) = benchmark.faults(record)
    assert told in fault


@measured("equal")
def test_ratio_and_overhead_are_those_of_the_stored_seconds():
    ratios, overheads = [], []
    for one in RECORD["equal"]["rounds"]:
        single, double, plain = one["one worker"], one["two workers"], one["plain"]
        ratios.append(double["seconds"] / single["seconds"])
        at_work = single["seconds"] - single["start_seconds"] - single["end_seconds"]
        overheads.append(100 * (at_work - plain["seconds"]) / plain["seconds"])
        # runs of one worker follow each other, so together they take no longer than it
        assert sum(single["run_seconds"]) <= at_work + 0.1
        assert sum(double["run_seconds"]) <= 2 * double["seconds"]
        assert plain["seconds"] == pytest.approx(sum(plain["run_seconds"]), abs=0.1)
    said = cells("speed")
    assert float(said["two workers to one"][0]) == pytest.approx(np.median(ratios), abs=0.0051)
    overhead = said["a run in a sweep over plain papermill"][0]
    if overhead.endswith("%") and not overhead.startswith("less"):
        assert float(overhead.rstrip("%")) == pytest.approx(np.median(overheads), abs=0.051)


# --- the arithmetic ------------------------------------------------------------------------------


def in_turn(runs, workers, seconds):
    """When the last of some equal runs ends, each given to the worker that is free first."""
    free = [Fraction(0)] * workers
    for _ in range(runs):
        heapq.heappush(free, heapq.heappop(free) + seconds)
    return max(free)


@measured("runs")
@pytest.mark.parametrize("longer", [1, 3])
def test_hours_and_money_by_another_calculation(longer):
    record = copy.deepcopy(RECORD)
    for run in record["runs"]["each"].values():
        run["processor_seconds"] *= longer
    said = cells("money", record)
    assert (page.MANY, page.MACHINES) == (10_000, 100)
    for column, name in enumerate(("short", "long")):
        run = record["runs"]["each"][name]
        seconds = Fraction(str(run["processor_seconds"]))
        hours = timedelta(seconds=float(10_000 * seconds)) / timedelta(hours=1)
        assert float(said["hours of a core"][column]) == pytest.approx(hours, abs=0.051)
        machines = said[f"hours of a machine with {page.CORES} cores"][column]
        assert float(machines) == pytest.approx(hours / page.CORES, abs=0.051)
        cost = said[f"money, at {page.PRICE} for the hour of a core"][column]
        assert float(cost) == pytest.approx(hours * page.PRICE, abs=0.0051)
        last = in_turn(10_000, page.MACHINES * page.CORES, seconds)
        wall = said[f"on {page.MACHINES} such machines, all at work"][column]
        assert wall == page.duration(float(last))
        rate = float(said["runs that end there each second"][column])
        assert rate == pytest.approx(400 / run["processor_seconds"], abs=0.051)


@measured("runs")
def test_what_10_000_runs_leave_by_another_calculation():
    units = {"bytes": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9}
    said = cells("storage")
    for title, values in said.items():
        if title == "files":
            continue
        numbers = [float(value.split()[0]) * units[value.split()[1]] for value in values]
        for one, many in zip(numbers[:2], numbers[2:], strict=True):
            assert many == pytest.approx(10_000 * one, rel=0.06)  # both are rounded
    counts = [int(value.replace(",", "")) for value in said["files"]]
    assert counts[2:] == [10_000 * count for count in counts[:2]]


@measured("runs")
def test_a_run_of_notebook_3_is_the_one_of_the_other_benchmark():
    """With one thread it takes longer, and as much memory."""
    run, other = RECORD["runs"]["each"]["long"], COSTS["03_training"]
    assert run["peak_memory_mb"] == pytest.approx(other["peak_memory_mb"], rel=0.3)
    assert other["seconds"] / 2 < run["processor_seconds"] < 4 * other["seconds"]


@measured("runs")
def test_files_that_are_sent_are_those_that_are_kept():
    for name in ("short", "long"):
        run = RECORD["runs"]["each"][name]
        few = run["bytes"]["notebook"] + run["bytes"]["results"]
        assert few < run["bytes_sent"] < few + 20_000
        network = run["bytes_sent_with_network"] - run["bytes_sent"]
        assert network == pytest.approx(run["bytes"]["network"], abs=2_000)


# --- how it is measured --------------------------------------------------------------------------


def test_parts_of_a_run_are_read_from_its_notebook(tmp_path):
    start = datetime(2026, 1, 1, 12, 0, 0, 500_000)

    def moment(seconds):
        return (start + timedelta(seconds=seconds)).isoformat()

    def cell(source, begin, end):
        cell = nbformat.v4.new_code_cell(source)
        times = {"start_time": moment(begin), "end_time": moment(end), "duration": end - begin}
        cell.metadata.papermill = times
        return cell

    notebook = nbformat.v4.new_notebook(
        cells=[
            cell("from digitrec.quiet import keras", 1.5, 4.5),
            cell("seed = 1", 4.5, 4.75),
            cell("model.fit(images)", 5, 10),
        ]
    )
    notebook.metadata.papermill = {"start_time": moment(0), "end_time": moment(10.5)}
    nbformat.write(notebook, tmp_path / "run.ipynb")
    parts = benchmark.parts_of(tmp_path / "run.ipynb", seconds=11)
    assert parts == {"kernel": 1.5, "tensorflow": 3, "training": 5, "end": 0.5, "rest": 1}


def test_one_run_is_looked_at_as_a_worker_sends_it(tmp_path):
    run = benchmark.one_run(benchmark.tiny_notebook(tmp_path))
    assert run["files"] == run["files_with_network"] == 3
    assert run["bytes"]["results"] == len('{"twice": 2}')
    assert run["bytes"]["network"] == 0
    assert run["bytes_sent"] > run["bytes"]["notebook"] > 500
    assert run["processor_seconds"] > 0


def test_words_for_numbers():
    assert page.percent(0.0) == "less than 0.1%"
    with pytest.raises(ValueError, match="Expected the marks of speed once"):
        page.in_page(TEXT.replace(page.MARKS[0].format("speed"), ""), RECORD)
    with pytest.raises(ValueError, match="found them 2 times"):
        page.in_page(TEXT + TEXT, RECORD)


# --- the commands --------------------------------------------------------------------------------


def commands(beginning):
    lines = re.findall(rf"^{re.escape(beginning)} (.*)$", TEXT, re.MULTILINE)
    return [shlex.split(line, comments=True) for line in lines]


def test_commands_of_the_page_are_understood():
    sweeps = commands("python -m digitrec sweep")
    assert len(sweeps) >= 2
    parser = Parser()
    command.add_to(parser.add_subparsers())
    for words in sweeps:
        assert command.parameter_sets(parser.parse_args(["sweep", *words]))


@pytest.mark.parametrize(
    ("beginning", "program"),
    [("dask worker", dask_worker.main), ("dask scheduler", dask_scheduler.main)],
)
def test_options_of_dask_are_there(beginning, program):
    known = {name for option in program.params for name in option.opts + option.secondary_opts}
    said = re.findall(rf"{beginning}[^`\n#]*", TEXT)
    assert said
    for line in said:
        for option in re.findall(r"--[a-z-]+", line):
            assert option in known, option
    assert "--no-dashboard" in known


def test_auto_decides_about_threads_as_well():
    """That is why the page says -1."""
    assert [nprocesses_nthreads(cores)[1] for cores in (2, 4)] == [1, 1]
    assert all(nprocesses_nthreads(cores)[1] > 1 for cores in (8, 16, 64))
    (worker,) = commands("dask worker tcp://10.0.0.7:8786")
    assert worker == ["--nthreads", "1", "--nworkers", "-1"]


@pytest.mark.parametrize(
    "setting", ["WORKER_SATURATION", "ALLOWED_FAILURES"], ids=["saturation", "failures"]
)
def test_settings_of_dask_are_read_under_these_names(setting):
    (value,) = re.findall(rf"DASK_DISTRIBUTED__SCHEDULER__{setting}=(\S+) dask scheduler", TEXT)
    read = dask.config.collect_env({f"DASK_DISTRIBUTED__SCHEDULER__{setting}": value})
    (name,) = read["distributed"]["scheduler"]
    known = dask.config.get("distributed.scheduler")
    assert name.replace("_", "-") in known
    assert known["allowed-failures"] == 3  # a run is given up at the fourth, as the page says


def certificate(folder):
    """The certificate of the page, and its key."""
    made = Security.temporary()
    (folder / "sweeps.pem").write_text(made.tls_scheduler_cert)
    (folder / "sweeps.key").write_text(made.tls_scheduler_key)


def test_certificates_are_named_as_the_page_says(tmp_path):
    certificate(tmp_path)
    (text,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    ours = yaml.safe_load(text.replace("/home/you", str(tmp_path)))
    settings = dask.config.merge(dask.config.config, ours)  # as Dask does with its files
    with (
        dask.config.set(settings),
        LocalCluster(
            n_workers=1,
            processes=False,
            protocol="tls://",
            security=Security(),
            dashboard_address=None,
        ) as cluster,
    ):
        address = cluster.scheduler_address
        assert address.startswith("tls://")
        with clusters.workers_of(address) as client:
            assert client.submit(sum, [1, 2]).result() == 3
        with (
            dask.config.set({"distributed.comm.tls.ca-file": None}),
            pytest.raises(ConnectionError, match="wants a certificate"),
            clusters.workers_of(address),
        ):
            pass


# --- nothing grows -------------------------------------------------------------------------------

NOTHING = Record("", "many", {}, "done", "", {"loss": 1.0}, 1.0, "", "", {})


def many_runs(count):
    return [Run({"seed": n}, {"seed": n}, f"seed={n}", f"seed={n}-abc") for n in range(count)]


def test_the_disk_is_asked_about_the_folder_once(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(rows, "short_path", lambda path: asked.append(path) or "there")
    runs = {one.key: one for one in many_runs(500)}
    table = rows.as_table(tmp_path, runs, dict.fromkeys(runs, NOTHING), "", False)
    assert table["folder"][:2] == ["there/seed=0-abc", "there/seed=1-abc"]
    assert len(table) == 500
    assert len(asked) == 1


@pytest.mark.parametrize("deaths", [2, 3])
def test_a_kernel_that_ends_before_its_first_cell_is_started_again(tmp_path, monkeypatch, deaths):
    starts, real = [], kernels.PapermillNotebookClient.execute

    def start(client, env, **settings):
        starts.append(env)
        broken = {"PYTHONHOME": str(tmp_path)} if len(starts) <= deaths else {}
        return real(client, env=env | broken, **settings)

    monkeypatch.setattr(kernels.PapermillNotebookClient, "execute", start)
    notebook, package = open_notebook(benchmark.tiny_notebook(tmp_path)), package_fingerprint()
    run = plan(notebook, {"number": 4}, package)
    record = execute(Job(notebook, tmp_path, "none", package, 1, False), run).record
    if deaths < kernels.STARTS:
        assert (record.state, record.results) == ("done", {"twice": 8})
        assert len(starts) == deaths + 1
    else:
        assert record.state == "failed"
        assert "Kernel died" in record.error
        assert len(starts) == kernels.STARTS


def test_workers_do_not_watch_themselves():
    """Or each keeps a tree of calls for every second of the last hour."""
    with clusters.local_workers(1) as client:
        asked = client.run(lambda: dask.config.get("distributed.worker.profile.enabled"))
    assert list(asked.values()) == [False]
    assert "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED=False dask worker" in TEXT


class Heard:
    """A progress that counts."""

    def __init__(self):
        self.beginnings, self.ends = [], []

    def began(self, key, label):
        self.beginnings.append(key)

    def ended(self, key, failed):
        self.ends.append(key)


def test_a_scheduler_keeps_nothing_of_a_sweep(tmp_path, monkeypatch):
    def execute(job, one, scratch):
        other = {"sweep": "somebody else's", "run": one.key}  # two sweeps may do the same runs
        get_worker().log_event(sweep.BEGINNINGS, other)
        return Outcome(Record(**vars(NOTHING)), None)

    monkeypatch.setattr(sweep, "execute", execute)
    notebook, runs = Notebook("many", "", {"seed": 1}, ""), many_runs(200)
    end = time.monotonic() + 60
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        topics = []
        for token in ("one", "two"):
            heard = Heard()
            job = Job(notebook, tmp_path, token, "", 1, False)
            assert len(list(sweep.finished(client, job, runs, heard))) == 200
            assert sorted(heard.beginnings) == sorted(heard.ends) == sorted(o.key for o in runs)
            topics.append(set(cluster.scheduler.get_events()))
        assert topics[0] == topics[1]  # no list for each sweep
        while left := [key for key in cluster.scheduler.tasks if "seed" in str(key)]:
            assert time.monotonic() < end, left
            time.sleep(0.05)
