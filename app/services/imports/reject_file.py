"""The file that lists each line that an import rejected, and why."""

from pathlib import Path

from app.catalogues.files.list_files import RejectedLine

HEADER = "file\tline\treason\n"


class RejectFile:
    """Tab-separated, created when the first line is rejected; `size` bytes of an unfinished run are kept."""

    def __init__(self, path: Path, size: int) -> None:
        self._path = path
        self._lines: list[str] = []
        self.size = size if path.exists() and path.stat().st_size >= size else 0
        if self.size:
            with path.open("r+b") as file:
                file.truncate(self.size)
        else:
            path.unlink(missing_ok=True)

    def add(self, path: Path, line: RejectedLine) -> None:
        """Add a line, to be written by `flush`."""
        reason = " ".join("".join(c if c.isprintable() else " " for c in line.reason).split())
        self._lines.append(f"{path}\t{line.number}\t{reason}\n")

    def flush(self) -> None:
        """Write the lines that were added."""
        if not self._lines:
            return
        with self._path.open("ab") as file:
            if not self.size:
                self._lines.insert(0, HEADER)
            file.write("".join(self._lines).encode("utf-8", "backslashreplace"))
            self.size = file.tell()
        self._lines.clear()
