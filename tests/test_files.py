from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from specgen.errors import PageUnreadable
from specgen.files import DiskFiles, write_whole


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write_whole(pipe, "a document\n")
    reader.join(5)
    assert read == ["a document\n"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_the_null_device_stays_a_device(tmp_path: Path) -> None:
    link = tmp_path / "nowhere"
    link.symlink_to(os.devnull)
    write_whole(link, "text")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)
    assert link.is_symlink()


def test_a_link_is_followed_and_the_mode_kept(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to(file)
    write_whole(link, "new")
    assert file.read_text() == "new"
    assert link.is_symlink()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_whole(tmp_path / "folder", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_nothing_outside_the_root_is_read(tmp_path: Path) -> None:
    root = tmp_path / "docs"
    root.mkdir()
    (tmp_path / "secret").write_text("canary")
    (root / "link.asciidoc").symlink_to(tmp_path / "secret")
    (root / "page.asciidoc").write_text("== A page")
    files = DiskFiles(root)
    assert files.read("page.asciidoc").text == "== A page"
    for path in ("../secret", "link.asciidoc", str(tmp_path / "secret")):
        assert not files.exists(path)
        with pytest.raises(PageUnreadable, match="not inside the docs root"):
            files.read(path)
