"""Wheels of a few bytes, and a build backend that makes one, to try installations with."""

import zipfile


def write_wheel(folder, name, version, files):
    """Write a wheel with these files, given as text by their paths, and return its path."""
    info = f"{name}-{version}.dist-info"
    files = files | {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    path = f"{folder}/{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for place, text in (files | {f"{info}/RECORD": record}).items():
            wheel.writestr(place, text)
    return path


def build_editable(folder, config_settings=None, metadata_directory=None):
    """What pip and uv ask of a project for `-e .` (PEP 660)."""
    return write_wheel(folder, "lesson", "1", {"lesson.py": ""}).rpartition("/")[2]
