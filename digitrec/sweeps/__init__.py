"""Running a notebook many times with other parameters, on one machine or many.

A sweep is a notebook and a list of parameter sets (`parameter_sets`, checked against its parameters
cell by `notebooks`). Each run is a papermill execution in a folder of its own (`runs`), on workers
of Dask distributed (`clusters`); what is finished is kept (`results`), shown while it grows
(`progress`), and comes back as one table (`table`).
"""

from digitrec.sweeps.parameter_sets import grid
from digitrec.sweeps.sweep import run
from digitrec.sweeps.table import Table

__all__ = ["Table", "grid", "run"]
