"""Tells a run: to people in a terminal and on a page, to programs as JSON, JUnit and exit code."""

from evals.reports.document import write_json
from evals.reports.html import write_html
from evals.reports.junit import write_junit
from evals.reports.terminal import show
from evals.reports.verdict import exit_code

__all__ = ["exit_code", "show", "write_html", "write_json", "write_junit"]
