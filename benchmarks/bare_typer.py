"""The baseline of `startup.py` for `--help`: a minimal Typer app with two commands."""

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
