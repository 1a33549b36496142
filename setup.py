"""What pyproject.toml cannot say: an installed package carries the shipped catalogue inside it, as lianxin/shipped."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class WithCatalogue(build_py):
    """A checkout reads `catalog/` where it stands; only what is built to be installed elsewhere gets a copy."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            shutil.copytree("catalog", Path(self.build_lib) / "lianxin" / "shipped", dirs_exist_ok=True)


setup(cmdclass={"build_py": WithCatalogue})
