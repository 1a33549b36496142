"""`python -m lianxin.cli` is the same as `lianxin`."""

from lianxin.cli.main import main

main()
