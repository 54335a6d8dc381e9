"""A real S3 server for tests: rclone's, which checks every signature."""

import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.copies.store import StoreSettings
from tests.absent import absent

RCLONE = Path(sys.executable).with_name("rclone")
ADDRESS = re.compile(r"\[(http://127\.0\.0\.1:\d+)/\]")


@contextmanager
def s3_server(folder: Path) -> Iterator[StoreSettings]:
    """Serve the folders in `folder` as buckets; there is one named `bucket`."""
    if not RCLONE.exists():
        absent("rclone is not installed")
    (folder / "bucket").mkdir(parents=True)
    key, secret = "KEY", secrets.token_hex(16)
    command = [str(RCLONE), "serve", "s3", "--addr", "127.0.0.1:0"]
    command += ["--auth-key", f"{key},{secret}", "--config", "", str(folder)]
    with subprocess.Popen(  # noqa: S603  # a program of our own environment
        command, stderr=subprocess.PIPE, env={"HOME": str(folder.parent)}, text=True
    ) as process:
        try:
            assert process.stderr
            found = next(filter(None, map(ADDRESS.search, process.stderr)))
            yield StoreSettings(found[1], "bucket", "us-east-1", key, secret, "ours")
        finally:
            process.kill()
