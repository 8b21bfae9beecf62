"""`python -m ingest.check`: validates the built-in data files and names every fault by file and line."""

from __future__ import annotations

import sys

from ingest.departments import read_departments
from ingest.pipeline import corpus
from ingest.thesaurus import read_thesaurus
from vectorstore.errors import DataFault


def main() -> int:
    """0 when all files are sound, else 1 with the faults on standard error."""
    faults: list[str] = []
    for name, read in (("departments.yaml", read_departments), ("thesaurus.yaml", read_thesaurus)):
        try:
            read(corpus() / name)
        except DataFault as error:
            faults.extend(error.data["faults"])
    sys.stderr.write("".join(f"{fault}\n" for fault in faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
