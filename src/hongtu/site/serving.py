"""Start what an installation needs: migrations, the web server, the background worker."""

import errno
import os
import signal
import subprocess
import sys
import threading
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from hongtu.kernel.base.errors import HongtuError


def prepare() -> None:
    """Migrate when something is missing; quick when nothing is."""
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # absent, it is a warning at each start
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
        from hongtu.site.upgrading import catch_up  # rooms are imported only where there is something to do

        catch_up()


def run_worker() -> None:
    """Work off the queue until stopped; jobs of a worker that died are taken up again."""
    call_command("procrastinate", "worker", verbosity=1)


class WorkerKeeper:
    """Keeps one worker process running beside the server; a worker that dies is started again."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def _keep(self) -> None:
        while not self._stopping.is_set():
            self._process = subprocess.Popen([sys.executable, "-m", "hongtu", "worker"])
            self._process.wait()
            self._stopping.wait(2)  # a worker that cannot start must not spin

    def stop(self) -> None:
        self._stopping.set()
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()


def serve(host: str, port: int, *, worker: bool) -> None:
    """Serve the pages until Ctrl-C or SIGTERM."""
    from waitress.server import create_server

    from hongtu.site.wsgi import application

    keeper = WorkerKeeper() if worker else None
    try:
        server = create_server(
            application, host=host, port=port, threads=8, ident="hongtu", **_behind_a_proxy()
        )
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise HongtuError(
            f"port {port} is in use: stop what listens there, or choose another (make run PORT=8001)",
            code="serve.port_in_use",
        ) from error
    if keeper:
        keeper.start()

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    stop_words = "Ctrl-C 停止 / to stop"  # not for translation: both
    print(f"\n宏图 Hongtu  http://{host}:{port}/   ({stop_words})", flush=True)  # not for translation: both
    _print_log_ins()
    try:
        server.run()
    finally:
        if keeper:
            keeper.stop()


def _behind_a_proxy() -> dict[str, Any]:
    """HONGTU_TRUSTED_PROXY: address of the proxy in front, whose word on the client's address is taken.

    Without it every client of the proxy would share one address, and with it the limits of requests.
    """
    proxy = os.environ.get("HONGTU_TRUSTED_PROXY", "")
    if not proxy:
        return {}
    headers = {"x-forwarded-for", "x-forwarded-proto"}
    return {"trusted_proxy": proxy, "trusted_proxy_headers": headers, "clear_untrusted_proxy_headers": True}


def _print_log_ins() -> None:
    """The demonstration log-ins, only where the demonstration district is loaded."""
    from hongtu.site.demonstration import log_ins

    for name, password, role in log_ins():
        print(f"  {role:<12} {name} / {password}", flush=True)
