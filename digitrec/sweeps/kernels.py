"""papermill, with a kernel whose environment and folder are its own."""

from subprocess import DEVNULL

from nbclient.exceptions import DeadKernelError
from nbformat.v4 import new_output
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines

ENGINE = "digitrec-sweeps"
PENDING = NotebookExecutionManager.PENDING  # what papermill calls a cell that has not begun
STARTS = 3  # of a kernel that ends before its first cell
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

        A kernel that ends before the first one is started again: it gets numbers of ports that are
        free, and somebody else may have taken one when it comes to use them.

        Args:
            nb_man: papermill's notebook with what it tells of its execution.
            kernel_name: which kernel.
            environment: all variables of the kernel.
            folder: where it works.
            start_timeout: seconds to wait for it.
            kwargs: papermill's other settings, of which none matters here.
        """
        for start in range(1, STARTS + 1):
            client = PapermillNotebookClient(
                nb_man, kernel_name=kernel_name, startup_timeout=start_timeout
            )
            try:
                # what a kernel writes beside its notebook would come between lines of the progress
                client.execute(env=environment, cwd=folder, stdout=DEVNULL, stderr=DEVNULL)
                return
            except RuntimeError as error:
                cells = nb_man.nb.cells
                begun = [cell for cell in cells if cell.metadata.papermill.status != PENDING]
                if begun and isinstance(error, DeadKernelError):
                    begun[-1].outputs.append(
                        new_output("error", ename="DeadKernelError", evalue=DIED, traceback=[DIED])
                    )
                    return
                if begun or start == STARTS or "died" not in str(error):
                    raise


papermill_engines.register(ENGINE, KernelWithEnvironment)
