"""The workbench in the browser: routes, pages and what guards them. It decides nothing itself."""

from tamis.web.application import create_app
from tamis.web.server import serve
from tamis.web.settings import WebSettings

__all__ = ["WebSettings", "create_app", "serve"]
