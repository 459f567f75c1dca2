"""Settings of the page for people without notebooks: `make app`, and Voilà inside JupyterLab."""

import os

from tornado.web import HTTPError

MOST_KERNELS = int(os.environ.get("DIGITREC_MOST_KERNELS", "3"))  # of 0.8 GB each
FULL = "Python runs %s times already. Close another tab, and try again in a minute."


def admit(handler, notebook, cwd):
    """Let a visitor in, unless too many are here.

    Raises:
        HTTPError: 503; Python runs as often as it may.
    """
    handler.xsrf_token  # noqa: B018  asking for it sets the cookie without which leaving is refused
    if len(handler.kernel_manager.list_kernel_ids()) >= MOST_KERNELS:
        raise HTTPError(503, FULL, MOST_KERNELS)


c = get_config()  # noqa: F821  Jupyter puts it here

c.VoilaConfiguration.template = "digitrec"
c.VoilaConfiguration.allow_template_override = "NO"
c.VoilaConfiguration.allow_theme_override = "NO"
c.VoilaConfiguration.file_allowlist = []  # the page needs no file
c.VoilaConfiguration.extension_allowlist = [  # what shows widgets, and nothing else of JupyterLab
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager8",
    "anywidget",
]
c.VoilaConfiguration.prelaunch_hook = admit

# Only for a server of its own (`make app`): kernels of lessons are never stopped here.
c.MappingKernelManager.cull_idle_timeout = 120  # seconds without a browser, as after a crash
c.MappingKernelManager.cull_interval = 10
c.Voila.tornado_settings = {
    "allow_remote_access": False,  # no other site can reach this server under a name of its own
    "websocket_max_message_size": 104_857_600,  # bytes: uploads of up to 100 MB
}
