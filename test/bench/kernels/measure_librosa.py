"""Times librosa for measure.ts: one core, a recording at a time, so that its turns lie between the others'.

First a line with the versions; then for each path on standard input one line of milliseconds of processor time: a list a way.
usage: python measure_librosa.py ROUNDS
"""
import os

for name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS'):
    os.environ.setdefault(name, '1')

import json
import platform
import sys
import time
import warnings

import librosa
import numpy as np
import soxr


def features(y):
    return [
        np.mean(librosa.feature.melspectrogram(y=y).T, axis=0),
        np.mean(librosa.feature.mfcc(y=y, n_mfcc=40).T, axis=0),
        np.mean(librosa.feature.zero_crossing_rate(y).T, axis=0),
        np.mean(librosa.feature.rms(y=y).T, axis=0),
    ]


def milliseconds(work, rounds):
    times = []
    for _ in range(rounds):
        started = time.process_time()
        work()
        times.append((time.process_time() - started) * 1000)
    return times


def main():
    warnings.simplefilter('ignore')
    rounds = int(sys.argv[1])
    versions = {
        'librosa': librosa.__version__, 'soxr': soxr.__version__, 'numpy': np.__version__,
        'python': platform.python_version(),
    }
    print(json.dumps(versions), flush=True)
    for line in sys.stdin:
        path = line.rstrip('\n')
        y = librosa.load(path)[0]
        print(json.dumps({
            'features': milliseconds(lambda: features(y), rounds),
            'load': milliseconds(lambda: librosa.load(path), rounds),
            'whole': milliseconds(lambda: features(librosa.load(path)[0]), rounds),
        }), flush=True)


main()
