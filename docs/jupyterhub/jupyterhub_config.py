"""JupyterHub on one machine for a class: `jupyterhub -f docs/jupyterhub/jupyterhub_config.py`, as root, in a checkout that was set up (docs/classroom.md).

Users are users of this machine (PAM) in the group `workbook`. Each finds the chapters and the assignments handed out in ~/workbook, and runs them with
the kernel that `./workbook kernel install --prefix /usr/local` registered.
"""
import os
import stat
from pathlib import Path

c = get_config()  # noqa: F821

workbook = Path(__file__).resolve().parents[2]

# Passwords cross this port in the clear: keep it on this machine behind a web server with HTTPS, or set ssl_cert and ssl_key and open it.
c.JupyterHub.bind_url = os.environ.get("WORKBOOK_HUB", "http://127.0.0.1:8000")
c.JupyterHub.db_url = "sqlite:////var/lib/jupyterhub/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = "/var/lib/jupyterhub/jupyterhub_cookie_secret"
c.ConfigurableHTTPProxy.pid_file = "/var/lib/jupyterhub/jupyterhub-proxy.pid"
# Debian's proxy takes its modules from Debian's folder, where a node that came from elsewhere does not look.
os.environ.setdefault("NODE_PATH", "/usr/share/nodejs:/usr/lib/nodejs")

c.PAMAuthenticator.allowed_groups = {"workbook"}

c.Spawner.cmd = ["/bin/sh", str(workbook / "docs/jupyterhub/student-server")]
c.Spawner.default_url = "/tree/workbook"
c.Spawner.start_timeout = 120
c.Spawner.environment = {
    "WORKBOOK_ROOT": str(workbook),
    # Assignments as `./workbook assignment release N --out FOLDER` wrote them.
    "WORKBOOK_HANDOUT": os.environ.get("WORKBOOK_HANDOUT", "/srv/handout"),
    # Larger data sets, once for everybody; the small ones are in the checkout.
    "WORKBOOK_DATA": os.environ.get("WORKBOOK_DATA", "/srv/data"),
    "WORKBOOK_BUDGET": "quick",
    # A pool of threads for each core in each of thirty kernels would only wait.
    "OMP_NUM_THREADS": "2",
    "MKL_NUM_THREADS": "2",
}


def closed_to_students(path):
    """What students must not read: the hidden tests and the solutions, and the history that has them too."""
    if path.exists() and path.stat().st_mode & (stat.S_IROTH | stat.S_IXOTH):
        raise PermissionError(f"{path} can be read by every user of this machine: chmod -R o-rwx {path}")


for name in ("notebooks/assignments", "notebooks/solutions", "artifacts", "classroom", ".git"):
    closed_to_students(workbook / name)
