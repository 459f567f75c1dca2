"""papermill, with a kernel whose environment is its own."""

from subprocess import DEVNULL

from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines

ENGINE = "digitrec-sweeps"


class KernelWithEnvironment(NBClientEngine):
    """papermill's own engine; the environment of a kernel is no setting there."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: NotebookExecutionManager,
        kernel_name: str,
        environment: dict[str, str],
        start_timeout: int = 60,
        **kwargs: object,
    ) -> None:
        """Run every cell.

        Args:
            nb_man: papermill's notebook with what it tells of its execution.
            kernel_name: which kernel.
            environment: all variables of the kernel.
            start_timeout: seconds to wait for it.
            kwargs: papermill's other settings, of which none matters here.
        """
        client = PapermillNotebookClient(
            nb_man, kernel_name=kernel_name, startup_timeout=start_timeout
        )
        # what a kernel writes beside its notebook would come between the lines of the progress
        client.execute(env=environment, stdout=DEVNULL, stderr=DEVNULL)


papermill_engines.register(ENGINE, KernelWithEnvironment)
