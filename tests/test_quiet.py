"""The start of TensorFlow: quiet when it goes well, and told when it does not."""

import json
import os
import subprocess
import sys
import textwrap

import pytest

from digitrec.quiet import check_start

# stands where TensorFlow would be: it complains, and then fails in one way or the other
BROKEN = """
    import os, sys
    class Broken:
        def find_spec(self, name, path, target=None):
            if name == "tensorflow":
                os.write(2, b"no such instruction")
                {failure}
    sys.meta_path.insert(0, Broken())
    import digitrec.quiet
"""


def run(code, **variables):
    command = [sys.executable, "-c", textwrap.dedent(code)]
    environment = os.environ | variables
    return subprocess.run(command, capture_output=True, text=True, env=environment)


@pytest.mark.parametrize(
    ("failure", "said"),
    [("raise ImportError('broken')", "no such instruction"), ("os.abort()", "Aborted")],
)
def test_a_start_that_fails_is_told(failure, said):
    result = run(BROKEN.format(failure=failure))
    assert result.returncode
    assert said in result.stderr


def test_a_start_that_is_stopped_by_ctrl_c_says_nothing_of_its_own():
    result = run(BROKEN.format(failure="raise KeyboardInterrupt"))
    assert result.returncode
    assert "no such instruction" not in result.stderr


def test_another_backend_is_told_before_it_is_loaded():
    result = run("import digitrec.quiet", KERAS_BACKEND="torch")
    assert "ImportError: Keras is set to the backend torch, expected tensorflow" in result.stderr


def test_images_with_channels_first_are_told():
    with pytest.raises(ImportError, match="channels_first, expected channels_last"):
        check_start("tensorflow", "channels_first")


def test_garbage_is_collected_again_once_it_has_started():
    code = "import gc, digitrec.quiet; print(gc.isenabled(), gc.get_freeze_count())"
    assert run(code).stdout == "True 0\n"


def test_it_starts_where_nobody_listens_and_keras_is_set_otherwise(tmp_path):
    """And when Python ends, it looks through nothing of what was loaded."""
    (tmp_path / "keras.json").write_text(json.dumps({"backend": "torch"}))
    code = """
        import atexit, gc, os
        os.close(2)
        atexit.register(lambda: print(gc.get_freeze_count() > 100_000))  # the last of all
        from digitrec.quiet import keras
        print(keras.config.backend())
    """
    result = run(code, KERAS_HOME=str(tmp_path), KERAS_BACKEND="")
    assert result.stdout == "tensorflow\nTrue\n"
