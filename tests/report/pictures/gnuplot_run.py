#!/usr/bin/env python3
"""Runs every gnuplot script of the test pages: gnuplot_run.py PATH_OF_report_pages."""
import glob
import os
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
STARTS = {'.svg': b'<?xml', '.png': b'\x89PNG', '.txt': b''}


def main():
    if shutil.which('gnuplot') is None:
        print('skipped: there is no gnuplot here (apt-get install gnuplot-nox)')
        return SKIPPED
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.argv[1], folder], check=True)
        scripts = sorted(glob.glob(os.path.join(folder, '*.gp')))
        known = set(os.listdir(folder))
        for script in scripts:
            picture = script[:-len('.gp')]
            name = os.path.basename(picture)
            with open(script, 'rb') as text:
                run = subprocess.run(['gnuplot', '-'], stdin=text, cwd=folder, capture_output=True)
            content = open(picture, 'rb').read() if os.path.exists(picture) else b''
            if run.returncode != 0 or len(content) < 200 or not content.startswith(STARTS[picture[-4:]]):
                failures.append(f'{name}: exit {run.returncode}, {len(content)} bytes, {run.stderr[:300]!r}')
            if run.stderr and not name.startswith('hostile'):
                failures.append(f'{name}: gnuplot said {run.stderr[:300]!r}')
            known.add(name)
        strangers = set(os.listdir(folder)) - known
        if strangers:
            failures.append(f'a name from the data ran as a command and made {strangers}')
    print(f'{len(scripts)} scripts')
    for failure in failures:
        print('FAILED: ' + failure)
    return 1 if failures or not scripts else 0


if __name__ == '__main__':
    sys.exit(main())
