"""papermill, with a kernel whose environment and folder are its own."""

from subprocess import DEVNULL

from nbclient.exceptions import DeadKernelError
from nbformat.v4 import new_output
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines

ENGINE = "digitrec-sweeps"
PENDING = NotebookExecutionManager.PENDING  # what papermill calls a cell that has not begun
DIED = "The kernel ended, perhaps because memory was short. Run fewer at a time."


class KernelWithEnvironment(NBClientEngine):
    """papermill's own engine; the environment of a kernel is no setting there."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        environment: dict[str, str],
        folder: str,
        start_timeout: int = 60,
        **kwargs: object,
    ) -> None:
        """Run every cell.

        Args:
            nb_man: papermill's notebook with what it tells of its execution.
            kernel_name: which kernel.
            environment: all variables of the kernel.
            folder: where it works.
            start_timeout: seconds to wait for it.
            kwargs: papermill's other settings, of which none matters here.
        """
        client = PapermillNotebookClient(
            nb_man, kernel_name=kernel_name, startup_timeout=start_timeout
        )
        # what a kernel writes beside its notebook would come between the lines of the progress
        try:
            client.execute(env=environment, cwd=folder, stdout=DEVNULL, stderr=DEVNULL)
        except DeadKernelError:
            begun = [cell for cell in nb_man.nb.cells if cell.metadata.papermill.status != PENDING]
            if not begun:  # there is no cell to show it in
                raise
            begun[-1].outputs.append(
                new_output("error", ename="DeadKernelError", evalue=DIED, traceback=[DIED])
            )


papermill_engines.register(ENGINE, KernelWithEnvironment)
