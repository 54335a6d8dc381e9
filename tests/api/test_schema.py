"""Whatever fits the API's own document, and what does not, is answered as the document says."""

import asyncio
import importlib.util
import sys
from pathlib import Path

import aiohttp
import pytest

from services.domain.api_keys import KeyScope
from tests.absent import absent
from tests.api.kit import Caller

EXAMPLES = 5
"""Of each operation, beside those that cover its schema one by one: some 450 requests in all."""

RULES = "positive_data_acceptance"
"""The one check left out: what has the right form is refused all the same where a rule of the
product says so, such as a prompt of blanks only."""


@pytest.mark.timeout(600)
async def test_no_answer_is_an_error_of_ours_or_unknown_to_the_document(
    caller: Caller, http: aiohttp.ClientSession, tmp_path: Path
) -> None:
    if importlib.util.find_spec("schemathesis") is None:
        absent("schemathesis is not installed")
    await caller.own_result(await caller.own_model(), pictures=2)
    await caller.uses_key(KeyScope.TRAIN)
    base = f"{str(http._base_url).rstrip('/')}/api"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from schemathesis.cli import schemathesis; schemathesis()",
        "run",
        f"{base}/openapi.json",
        f"--url={base}",
        f"--header=Authorization: {caller.authorization}",
        f"--max-examples={EXAMPLES}",
        f"--exclude-checks={RULES}",
        "--phases=coverage,fuzzing",
        "--seed=1",
        "--no-color",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        # It leaves notes where it runs.
        cwd=tmp_path,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    assert "41 selected / 41 total" in said.decode()
