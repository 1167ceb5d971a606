"""How gunicorn serves Fisher: `make serve` and the unit of systemd start it with this file."""

import os

wsgi_app = "fisher:app"
# Behind a web server with TLS on the same machine (nginx.conf).
bind = os.environ.get("SERVE_ON", "127.0.0.1:8000")
# A thread works on one request at a time; pages are computing, so more processes than cores gain nothing.
worker_class = "gthread"
workers = int(os.environ.get("WORKERS", os.cpu_count() or 1))
threads = int(os.environ.get("THREADS", "4"))
# A worker that hangs as a whole for that long is replaced. A single request is bounded by FISHER_REQUEST_DEADLINE.
timeout = 60
# How long a worker that is told to end may finish its requests: nginx gives up on one after 60 seconds as well.
graceful_timeout = 60
# Connections of clients wait here while workers are replaced (SIGHUP): they are slow for a moment, and none is refused.
backlog = 2048
# Who a client is, and whether it came by HTTPS, is believed only of as many proxies as FISHER_TRUSTED_PROXIES says.
forwarded_allow_ips = ""
# Nobody steers the server but by signals.
control_socket_disable = True
# The site writes its own log lines.
errorlog = "-"
loglevel = "warning"
