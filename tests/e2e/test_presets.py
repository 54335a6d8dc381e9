"""An operator's own file of presets."""

from pathlib import Path

from tests.e2e.processes import bot_process, complaints_in


def test_a_mistake_in_the_file_of_presets_stops_the_start_with_one_line(
    server: str, tmp_path: Path
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('extend = true\n\n[[presets]]\nid = "a b"\n', encoding="utf-8")
    process = bot_process(server, tmp_path, PRESETS_FILE=str(path))
    process.start()
    assert process.wait() == 2
    printed = process.printed()
    assert printed.count("\n") == 1
    assert printed.startswith(f"PRESETS_FILE: {path}, line 4: presets.id: ")
    assert not complaints_in(printed)
