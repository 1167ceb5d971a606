"""What a checkpoint stores, and when it must not be used."""

from app.services.imports import checkpoint as import_state
from app.services.imports.checkpoint import ImportState


def remembered(folder, file):
    state = ImportState(folder, [file], {})
    found = state.get("place")
    state.save(place=7)
    state.close()
    return found


def test_an_import_starts_anew_when_a_file_or_the_run_of_the_machine_is_another(tmp_path, monkeypatch):
    file, boot = tmp_path / "dump.txt", tmp_path / "boot_id"
    file.write_text("a")
    boot.write_text("1")
    monkeypatch.setattr(import_state, "_BOOT", boot)
    assert remembered(tmp_path / "imports", file) is None
    assert remembered(tmp_path / "imports", file) == 7
    boot.write_text("2")
    assert remembered(tmp_path / "imports", file) is None
    file.write_text("ab")
    assert remembered(tmp_path / "imports", file) is None
    boot.unlink()
    assert remembered(tmp_path / "imports", file) is None
    assert remembered(tmp_path / "imports", file) == 7
