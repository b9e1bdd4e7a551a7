"""Where submissions are graded: processes of this machine, or a Dask cluster."""

import logging
import multiprocessing
import signal
from concurrent.futures import Executor, ProcessPoolExecutor

from grading.errors import UsageError
from grading.sandbox.confine import end_with_parent


def processes(n: int) -> Executor:
    """`n` processes on this machine, each of them freshly spawned."""
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(n, mp_context=context, initializer=_begin)


def cluster(address: str) -> Executor:
    """The workers of a Dask cluster, which must have access to the same folders as this machine.

    Raises:
        UsageError: dask is not installed, or the scheduler does not answer.
    """
    try:
        from distributed import Client
        from distributed.cfexecutor import ClientExecutor
    except ImportError:
        raise UsageError("a cluster needs the extra: pip install '.[cluster]'") from None

    # its stack trace of a lost connection; who grades reads one line instead
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)

    class Cluster(ClientExecutor):
        """An executor that shuts down like those of the standard library."""

        def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
            super().shutdown(wait=wait and not cancel_futures)
            self._client.close()

    try:
        return Cluster(Client(address, timeout=10))
    except (OSError, ValueError) as error:
        raise UsageError(f"no Dask scheduler answers at {address}: {error}") from None


def _begin() -> None:
    """In a new process: leave Ctrl-C to the main process, and exit when that exits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
