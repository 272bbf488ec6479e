"""Commands that run the house: serve, worker, migrate, demo, init, import, figures, doctor, audit."""

from pathlib import Path
from typing import Annotated

import typer

JSON = Annotated[bool, typer.Option("--json", help="Print JSON on standard output.")]


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    demo: Annotated[
        bool, typer.Option(help="Load the demonstration district into an empty database.")
    ] = False,
    worker: Annotated[bool, typer.Option(help="Run the background worker beside the server.")] = True,
) -> None:
    """Start the database, migrate, and serve the pages; Ctrl-C stops everything it started."""
    from hongtu.cli.terminal import django

    django()
    from hongtu.site import serving

    serving.prepare()
    if demo:
        load_demo(quiet=True)
    serving.serve(host, port, worker=worker)


def worker() -> None:
    """Run the background worker alone (imports, notices, nightly lights)."""
    from hongtu.cli.terminal import django

    django()
    from hongtu.site import serving

    serving.run_worker()


def migrate() -> None:
    """Bring the database to the present shape."""
    from hongtu.cli.terminal import django

    django()
    from hongtu.site import serving

    serving.prepare()


def load_demo(*, quiet: bool = False) -> None:
    """Load the demonstration district unless the database already has one."""
    from hongtu.cli.terminal import console, django

    django()
    from hongtu.site import demonstration, serving

    serving.prepare()
    loaded = demonstration.load(console)
    if not loaded and not quiet:
        console.print("The database already has a district; nothing was changed.")


def figures(as_json: JSON = False) -> None:
    """The district's headline figures, recomputed from its records."""
    from hongtu.cli.terminal import console, django, print_json

    django()
    from hongtu.boards.figures import figures as compute

    found = compute()
    if as_json:
        print_json(found)
        return
    for name, value in found.items():
        console.print(f"{name:28} {value}")


def doctor(as_json: JSON = False) -> None:
    """Check the installation: database, migrations, audit chain, browser font, Java, worker."""
    from hongtu.cli.terminal import console, django, print_json

    django()
    from hongtu.site.health import checks

    found = checks()
    if as_json:
        print_json([c.__dict__ for c in found])
    else:
        for check in found:
            mark = {"ok": "[green]✓[/]", "warning": "[yellow]▲[/]", "failed": "[red]■[/]"}[check.state]
            console.print(f"{mark} {check.name}: {check.words}")
    if any(c.state == "failed" for c in found):
        raise typer.Exit(1)


audit = typer.Typer(no_args_is_help=True, help="The audit chain: verify it, export its signed head.")


@audit.command("verify")
def audit_verify(
    head: Annotated[Path | None, typer.Option(help="A head exported earlier, kept off this host.")] = None,
) -> None:
    """Recompute every hash; with --head also prove that the tail was not cut off."""
    import json

    from hongtu.cli.terminal import console, django

    django()
    from hongtu.kernel.audit import chain

    present = chain.verify_house(json.loads(head.read_text()) if head else None)
    console.print(f"the chain holds: {present.sequence} rows, head {present.hash[:16]}…")


@audit.command("head")
def audit_head(
    confidential: Annotated[bool, typer.Option(help="Of the chain of confidential items.")] = False,
) -> None:
    """Print the signed head as JSON: keep it on another machine."""
    from hongtu.cli.terminal import django, print_json

    django()
    from hongtu.kernel.audit import chain
    from hongtu.site.database import home

    print_json(chain.export_head(home() / "audit-key", chain=chain.HOUSE[confidential]))


def import_(
    file: Annotated[Path, typer.Argument(help="Workbook (.xlsx) or .csv.")],
    by: Annotated[str, typer.Option("--as", help="User name of the account that imports.")],
    ledger: Annotated[str, typer.Option(help="Which ledger.")] = "projects",
    good_rows_only: Annotated[bool, typer.Option(help="Write the faultless rows, leave the others.")] = False,
    create_missing: Annotated[
        bool, typer.Option(help="Make the companies and people first that the file names and nobody knows.")
    ] = False,
    dry_run: Annotated[bool, typer.Option(help="Only say what would happen.")] = False,
    as_json: JSON = False,
) -> None:
    """Import a ledger file: checked first, written whole or not at all (or the good rows only)."""
    from hongtu.cli.terminal import console, django, print_json

    django()
    from hongtu.site.importing import import_file

    with console.status(file.name) as status:
        found = import_file(
            file,
            ledger,
            by,
            mode="good" if good_rows_only else "all",
            dry_run=dry_run,
            create_missing=create_missing,
            step=lambda words: status.update(f"{file.name}: {words}"),
        )
    if as_json:
        print_json(found)
    else:
        console.print(f"{found['state']}: {found['counts']}")
        for group in found["missing"]:
            verb = "created with it" if create_missing else "not known yet (--create-missing makes them)"
            console.print(f"  {len(group['names'])} {group['key']} {verb}: {', '.join(group['names'][:10])}")
        for fault in found["faults"][:20]:
            console.print(f"  row {fault['row']} {fault['column']}: {fault['code']} {fault['message']}")
    if found["state"] not in ("done", "checked"):
        raise typer.Exit(2)


def init(
    profile: Annotated[
        Path, typer.Argument(help="Folder with profile.yaml (see docs/howto/start-a-district.md).")
    ],
    administrator: Annotated[str, typer.Option(help="User name of the first administrator.")] = "admin",
) -> None:
    """Start an empty district from a profile, with one administrator whose password is printed once."""
    from hongtu.cli.terminal import console, django

    django()
    from hongtu.site import serving, starting

    serving.prepare()
    password = starting.start(profile, administrator)
    console.print(f"district established; log in as {administrator} with the password {password}")


def backup(
    target: Annotated[Path, typer.Argument(help="Archive to write, for instance hongtu.tar.gz.")],
) -> None:
    """Back up database and files into one archive."""
    from hongtu.cli.terminal import console, django

    django()
    from hongtu.site.backup import backup as write

    console.print(f"{write(target):,} bytes written to {target}")


def restore(source: Annotated[Path, typer.Argument(help="Archive written by `hongtu backup`.")]) -> None:
    """Restore an archive into an empty database."""
    from hongtu.cli.terminal import console, django

    django()
    from hongtu.site import serving
    from hongtu.site.backup import restore as read

    serving.prepare()
    read(source)
    console.print("restored; verify with `hongtu audit verify`")


def stop() -> None:
    """Stop the embedded database, should it still run."""
    from hongtu.cli.terminal import console
    from hongtu.site.database import stop_embedded

    console.print("stopped" if stop_embedded() else "nothing was running")


def mount(app: typer.Typer) -> None:
    """Add these commands to the main command."""
    app.command()(serve)
    app.command()(worker)
    app.command()(migrate)
    app.command("demo")(_demo)
    app.command("import")(import_)
    app.command()(init)
    app.command()(stop)
    app.command()(backup)
    app.command()(restore)
    app.command()(figures)
    app.command()(doctor)
    app.add_typer(audit, name="audit")


def _demo(
    workbook: Annotated[
        Path | None, typer.Option(help="Also write its ledger as an office's Excel file here.")
    ] = None,
) -> None:
    """Load the demonstration district (红谷滩区, 示例) into an empty database."""
    load_demo()
    if workbook:
        from hongtu.cli.terminal import console
        from hongtu.site import demonstration

        console.print(f"{demonstration.write_workbook(workbook)} projects written to {workbook}")
