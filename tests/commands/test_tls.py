"""Tests of connections with TLS: every mode, with certificates of a trusted and of another authority."""

import subprocess
from pathlib import Path

import pytest

from tests.command_line import Cli, environment
from tests.databases import Templates
from tests.postgresql_proxies import Proxy, TlsProxy

DONE, UNAVAILABLE, CONFIGURATION = 0, 69, 78
KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def run_openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create the certificates of two authorities, and one of the first for a server with the name `localhost`."""
    folder = tmp_path_factory.mktemp("certificates")
    for name in ("authority", "other"):
        run_openssl(
            folder, "req", "-x509", *KEY, "-keyout", f"{name}.key", "-out", f"{name}.crt", "-subj", f"/CN={name}"
        )
    run_openssl(folder, "req", *KEY, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
    (folder / "names").write_text("subjectAltName=DNS:localhost")
    authority = ("-CA", "authority.crt", "-CAkey", "authority.key", "-CAcreateserial")
    run_openssl(folder, "x509", "-req", "-in", "server.csr", *authority, "-out", "server.crt", "-extfile", "names")
    return folder


@pytest.mark.postgresql
def test_modes_of_tls(templates: Templates, certificates: Path, tmp_path: Path) -> None:
    cli = Cli(environment("", tmp_path))
    trusted = f"&sslrootcert={certificates / 'authority.crt'}"
    other = f"&sslrootcert={certificates / 'other.crt'}"
    missing = f"&sslrootcert={certificates / 'missing.crt'}"
    # Each item contains the host, the mode with parameters, the exit code and a part of the error.
    encrypted = [
        ("127.0.0.1", "prefer", DONE, ""),
        ("127.0.0.1", "require", DONE, ""),
        ("127.0.0.1", f"verify-ca{trusted}", DONE, ""),
        ("localhost", f"verify-full{trusted}", DONE, ""),
        ("127.0.0.1", "disable", UNAVAILABLE, "refused the log-in: no pg_hba.conf entry for this host, no encryption"),
        ("127.0.0.1", f"verify-full{trusted}", UNAVAILABLE, "IP address mismatch, certificate is not valid for"),
        ("localhost", f"verify-full{other}", UNAVAILABLE, "not trusted: unable to get local issuer certificate"),
        ("127.0.0.1", f"verify-ca{other}", UNAVAILABLE, "not trusted: unable to get local issuer certificate"),
        ("127.0.0.1", f"verify-ca{missing}", CONFIGURATION, "missing.crt"),
    ]
    plain = [
        ("127.0.0.1", "disable", DONE, ""),
        ("127.0.0.1", "prefer", DONE, ""),
        ("127.0.0.1", "require", UNAVAILABLE, "rejected SSL upgrade"),
    ]
    url = templates.url_of(templates.database)
    with TlsProxy(url, certificates / "server.crt") as tls_proxy, Proxy(url) as plain_proxy:
        for proxy, cases in ((tls_proxy, encrypted), (plain_proxy, plain)):
            for host, mode, code, text in cases:
                cli.environ["BLOGCLI_DATABASE_URL"] = proxy.url(f"sslmode={mode}", host=host)
                result = cli("post", "list")
                assert (result.exit_code, result.stdout) == (code, ""), (mode, result.stderr)
                assert text in result.stderr
                assert [line.partition(":")[0] for line in result.stderr.splitlines()] in ([], ["Error", "Hint"])
