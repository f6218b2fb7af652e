"""Where each setting comes from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import typer  # typer reads the annotations

from lmstrack.cli.family import command, family
from lmstrack.cli.settings import configuration_file, data_folder
from lmstrack.reports import Column, Report

if TYPE_CHECKING:
    from lmstrack.cli.shell import Shell

app = family()


@command(app, "config show")
def show(ctx: typer.Context) -> None:
    """Each setting, what it is, and where it comes from: command line, environment, file or default."""
    shell: Shell = ctx.obj
    settings = shell.settings
    values = {
        "db": _without_password(settings.db),
        "today": settings.today or shell.today.isoformat(),
        "by": settings.by,
        "site": str(settings.site or "none"),
        "format": shell.form,
        "output": str(settings.output or "standard output"),
        "color": settings.color,
        "dates.order": settings.order or "none",
        "dates.holidays": ", ".join(map(str, settings.holidays)) or "none",
        "no_input": "yes" if settings.no_input else "no",
        "no_names": "yes" if settings.no_names else "no",
    }
    rows = [{"setting": name, "value": value, "from": settings.origins[name]} for name, value in values.items()]
    rows.append({"setting": "data folder", "value": str(data_folder(os.environ)), "from": "this account"})
    rows.append({"setting": "file", "value": str(configuration_file(os.environ)), "from": "this account"})
    shell.emit(
        Report(
            schema="lmstrack.config/1",
            title="Settings",
            rows=rows,
            keys=("setting", "value", "from"),
            columns=(
                Column("setting", "Setting", "id"),
                Column("value", "Value", "text", 0, 16),
                Column("from", "From", "text", 0, 16),
            ),
            totals={"settings": len(rows)},
        )
    )


def _without_password(address: str) -> str:
    """A database's address as it may be shown."""
    scheme, found, rest = address.partition("://")
    who, at, where = rest.rpartition("@")
    if not found or not at:
        return address
    return f"{scheme}://{who.partition(':')[0]}{':***' if ':' in who else ''}@{where}"
