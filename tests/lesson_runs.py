"""Every notebook as nbval runs it, but alone, in an empty folder, within a bounded memory.

A plugin of pytest, because a conftest.py knows only what is in its own folder.
"""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, RunningKernel
from nbval.plugin import IPyNbFile

ROOT = Path(__file__).parent.parent
MEMORY_LIMIT = 1.5e9  # bytes


class Lesson(IPyNbFile):
    """A notebook against its committed outputs, alone, in an empty folder."""

    def setup(self):
        self.place = tempfile.TemporaryDirectory(
            prefix="digitrec-lesson-", ignore_cleanup_errors=True
        )
        home, self.folder = (Path(self.place.name).resolve() / name for name in ("home", "empty"))
        shutil.copytree(ROOT / "digits", home / "digits")
        self.folder.mkdir()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DIGITREC_HOME", str(home))
            patch.setenv("DIGITREC_STRICT", "1")  # what is unusual stops a notebook
            self.kernel = RunningKernel(CURRENT_ENV_KERNEL_NAME, cwd=str(self.folder))
        self.setup_sanitize_files()

    def collect(self):
        yield from super().collect()
        yield Traces.from_parent(self, name="Memory and files")

    def teardown(self):
        super().teardown()
        self.place.cleanup()


class Traces(pytest.Item):
    """What a notebook has used when its last cell is done."""

    def runtest(self):
        assert list(self.parent.folder.iterdir()) == []
        if os.name == "posix":
            ask = "[__import__('resource').getrusage(who).ru_maxrss for who in (0, -1)]"
            asked = {"user_expressions": {"peaks": ask}, "reply": True, "timeout": 60}
            answer = self.parent.kernel.kc.execute("", **asked)["content"]["user_expressions"]
            peaks = json.loads(answer["peaks"]["data"]["text/plain"])  # the kernel, its children
            assert max(peaks) * (1 if sys.platform == "darwin" else 1024) < MEMORY_LIMIT


def pytest_collect_file(file_path, parent):
    """Take every notebook for a lesson."""
    return Lesson.from_parent(parent, path=file_path) if file_path.suffix == ".ipynb" else None
