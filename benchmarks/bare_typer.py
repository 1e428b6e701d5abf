"""A minimal Typer app with two commands. `startup.py` compares the time of its `--help` with `blogcli --help`."""

import typer

app = typer.Typer()


@app.command()
def hello(name: str) -> None:
    """Say hello."""
    print(f"Hello {name}")


@app.command()
def goodbye(name: str, formal: bool = False) -> None:
    """Say goodbye."""
    print(f"Goodbye {name} {formal}")


if __name__ == "__main__":
    app()
