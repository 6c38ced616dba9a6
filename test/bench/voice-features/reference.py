"""The statistics of a voice (libs/features/src/voice) in NumPy, written apart from the TypeScript: its oracle.

    python reference.py FILE...      float32 samples, mono, 16 kHz, raw, little-endian

prints one JSON object a file: the values by name.
"""

import json
import sys

import numpy as np
import scipy.fft as fft

RATE, HOP = 16000, 160
WINDOW, N_FFT = 400, 512
PITCH_WINDOW, PITCH_FFT = 640, 2048
BANDS, LOWEST_MEL_HZ, HIGHEST_MEL_HZ = 40, 60.0, 7600.0
LOWEST_HZ, HIGHEST_HZ = 70.0, 600.0
SHORTEST = int(RATE / HIGHEST_HZ) - 1
LONGEST = int(np.ceil(RATE / LOWEST_HZ)) + 1
CANDIDATES = 6


def mel_bank():
    mel = lambda hz: 2595 * np.log10(1 + hz / 700)
    edges = 700 * (10 ** (np.linspace(mel(LOWEST_MEL_HZ), mel(HIGHEST_MEL_HZ), BANDS + 2) / 2595) - 1)
    hz = np.arange(N_FFT // 2 + 1) * RATE / N_FFT
    bank = np.array(
        [np.maximum(0, np.minimum((hz - a) / (b - a), (c - hz) / (c - b))) for a, b, c in zip(edges, edges[1:], edges[2:])]
    )
    return (bank / bank.sum(1, keepdims=True)).astype(np.float32)


def hann(length):
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)).astype(np.float32)


BANK = mel_bank()
_steps = 2 * np.arange(BANDS) + 1
DCT = np.sqrt(2 / BANDS) * np.cos(np.pi * np.arange(13)[:, None] * _steps / (2 * BANDS))
DCT = DCT.astype(np.float32)
BIN_HZ = np.arange(N_FFT // 2 + 1) * RATE / N_FFT
_correlation = fft.irfft(np.abs(fft.rfft(hann(PITCH_WINDOW), PITCH_FFT)) ** 2, PITCH_FFT)
CORRECTION = (_correlation / _correlation[0]).astype(np.float32)
_hz = np.arange(PITCH_FFT // 2 + 1) * RATE / PITCH_FFT
PASS_BAND = (1 / (1 + (_hz / 1500.0) ** 8) / (1 + (50 / np.maximum(_hz, 1)) ** 8)).astype(np.float32)


def cut_frames(samples, window):
    """Frames centred every HOP samples, with zeros beyond the ends."""
    count = 1 + len(samples) // HOP
    padded = np.zeros((count - 1) * HOP + window, np.float32)
    kept = min(len(samples), len(padded) - window // 2)
    padded[window // 2 : window // 2 + kept] = samples[:kept]
    return np.lib.stride_tricks.sliding_window_view(padded, window)[::HOP]


def level_speech(samples):
    energy = 10 * np.log10((cut_frames(samples, WINDOW) ** 2).mean(1) + 1e-12)
    level, background = np.percentile(energy, 95), np.percentile(energy, 10)
    loud = np.where(energy > min(max(level - 32, background + 6), level - 10))[0]
    start, end = max(0, (loud[0] - 5) * HOP), min(len(samples), (loud[-1] + 6) * HOP)
    return (samples[start:end] * 10 ** (-level / 20)).astype(np.float32)


def find_candidates(row):
    """Hz and score of at most six peaks of an autocorrelation."""
    hz, score = np.zeros(CANDIDATES), np.full(CANDIDATES, -1e9)
    for lag in range(SHORTEST, LONGEST):
        here, before, after = row[lag], row[lag - 1], row[lag + 1]
        if here > 0.1 and here >= before and here > after:
            bend = before - 2 * here + after
            offset = 0.5 * (before - after) / bend if bend != 0 else 0.0
            height = min(here - 0.25 * (before - after) * offset, 1.0)
            worth = height - 0.01 * np.log2(LOWEST_HZ * (lag + offset) / RATE)
            worst = int(np.argmin(score))
            if worth > score[worst]:
                hz[worst], score[worst] = RATE / (lag + offset), worth
    return hz, score


def choose_path(hz, score, unvoiced):
    frames = len(hz)
    none = CANDIDATES
    total = np.append(score[0], unvoiced[0])
    back = np.zeros((frames, CANDIDATES + 1), int)
    octaves = np.log2(np.maximum(hz, 1))
    for t in range(1, frames):
        step = 0.35 * np.abs(octaves[t][:, None] - octaves[t - 1][None, :])
        step[(hz[t] == 0)[:, None] | (hz[t - 1] == 0)[None, :]] = 0
        cost = np.full((CANDIDATES + 1, CANDIDATES + 1), 0.14)
        cost[:none, :none] = step
        cost[none, none] = 0
        sums = total[None, :] - cost
        back[t] = sums.argmax(1)
        total = sums.max(1) + np.append(score[t], unvoiced[t])
    path, at = np.zeros(frames), int(total.argmax())
    for t in range(frames - 1, -1, -1):
        path[t] = hz[t, at] if at < none else 0.0
        at = back[t, at]
    return path


def measure_harmonics(power, f0):
    """Decibels of the first harmonic over the second and over the third formant."""
    bin_hz = RATE / PITCH_FFT
    found = np.zeros((len(f0), 2), np.float32)
    for t in np.where(f0 > 0)[0]:
        first, second = (
            max(1e-12, power[t, max(1, int((k - 0.1) * f0[t] / bin_hz)) : int(np.ceil((k + 0.1) * f0[t] / bin_hz)) + 1].max())
            for k in (1, 2)
        )
        formant = max(1e-12, power[t, int(2500 / bin_hz) : int(3800 / bin_hz)].max())
        found[t] = 10 * np.log10(first / second), 10 * np.log10(first / formant)
    return found


def track_pitch(speech):
    frames = cut_frames(speech, PITCH_WINDOW)
    frames = frames - frames.mean(1, keepdims=True)
    peak = np.abs(frames).max(1)
    power = np.abs(fft.rfft(frames * hann(PITCH_WINDOW), PITCH_FFT, axis=1)) ** 2
    normalised = []
    for spectrum in (power * PASS_BAND, power):
        rows = fft.irfft(spectrum, PITCH_FFT, axis=1)[:, : LONGEST + 2]
        normalised.append(rows / (rows[:, :1] + 1e-12) / CORRECTION[: LONGEST + 2])
    low, full = normalised
    hz, score = (np.array(list(part)) for part in zip(*(find_candidates(row) for row in low)))
    unvoiced = 0.45 + np.maximum(0, 2 - peak / (peak.max() + 1e-9) / (0.03 / 1.45))
    f0 = choose_path(hz, score, unvoiced)
    lag = np.clip(np.round(RATE / np.maximum(f0, 1)).astype(int), SHORTEST, LONGEST)
    at = np.arange(len(f0))
    strengths = [
        np.clip(np.where(f0 > 0, rows[at, lag], rows[:, SHORTEST:LONGEST].max(1)), 0, 0.9999).astype(np.float32)
        for rows in (low, full)
    ]
    return f0.astype(np.float32), strengths[0], strengths[1], measure_harmonics(power, f0)


def describe(samples):
    """Descriptors of every frame, float32, by name."""
    speech = level_speech(samples)
    frames = cut_frames(speech, WINDOW)
    power = (np.abs(fft.rfft(frames * hann(WINDOW), N_FFT, axis=1)) ** 2).astype(np.float32) / (WINDOW * 0.375)
    db = 10 * np.log10(power + 1e-8)
    mel = power @ BANK.T
    cepstrum = (10 * np.log10(mel + 1e-7)) @ DCT.T
    within = lambda a, b: (BIN_HZ >= a) & (BIN_HZ < b)

    def slope(a, b):
        khz = BIN_HZ[within(a, b)] / 1000
        khz = khz - khz.mean()
        return (db[:, within(a, b)] @ khz) / (khz @ khz)

    middle, middle_hz = power[:, 2:244], BIN_HZ[2:244]
    amplitude = np.sqrt(mel)
    amplitude = amplitude / (np.sqrt(mel.sum(1, keepdims=True)) + 1e-3)
    flux = np.zeros(len(mel))
    flux[1:] = np.sqrt(((amplitude[1:] - amplitude[:-1]) ** 2).sum(1))
    f0, periodicity, full, harmonics = track_pitch(speech)
    low, high = power[:, within(50, 1000)].sum(1), power[:, within(1000, 5000)].sum(1)
    tracks = {
        "level": 10 * np.log10((frames**2).mean(1) + 1e-6),
        "alpha_ratio": 10 * np.log10((low + 1e-7) / (high + 1e-7)),
        "hammarberg": db[:, within(0, 2000)].max(1) - db[:, within(2000, 5000)].max(1),
        "slope_0_500": slope(0, 500),
        "slope_500_1500": slope(500, 1500),
        "slope_1500_5000": slope(1500, 5000),
        "centroid": np.log2((middle @ middle_hz + 0.1) / (middle.sum(1) + 1e-4)),
        "flatness": db[:, 2:244].mean(1) - 10 * np.log10(middle.mean(1) + 1e-8),
        "flux": flux,
        **{f"mfcc_{i}": cepstrum[:, i] for i in range(1, 13)},
        "hnr": 10 * np.log10(np.maximum(full, 1e-3) / (1 - full)),
        "f0": np.where(f0 > 0, np.log2(np.maximum(f0, 1)), 0),
        "periodicity": periodicity,
        "h1_h2": harmonics[:, 0],
        "h1_a3": harmonics[:, 1],
    }
    return {name: np.asarray(track, np.float32) for name, track in tracks.items()}


def find_stretches(marked):
    steps = np.diff(np.concatenate([[0], marked.astype(np.int8), [0]]))
    return np.where(steps == 1)[0], np.where(steps == -1)[0]


def find_voice(tracks):
    f0, level = tracks["f0"], tracks["level"]
    starts, ends = find_stretches(f0 > 0)
    keep = ends - starts >= 3
    starts, ends = starts[keep], ends[keep]
    voiced = np.zeros(len(f0), bool)
    for a, b in zip(starts, ends):
        voiced[a:b] = True
    if voiced.sum() >= 5:
        return voiced, starts, ends, f0
    voiced = level >= np.percentile(level, 60)
    return voiced, *find_stretches(voiced), np.where(voiced, np.maximum(f0, 7.0), f0)


def trend(values):
    if len(values) < 3:
        return 0.0
    time = np.linspace(-0.5, 0.5, len(values))
    return float(time @ (values - values.mean()) / (time @ time))


def change(track):
    found = np.zeros_like(track)
    found[2:-2] = (2 * (track[4:] - track[:-4]) + (track[3:-1] - track[1:-3])) / 10
    return np.abs(found)


def summarise(name, values, percents):
    found = {f"{name}_mean": values.mean(), f"{name}_std": values.std()}
    return found | {f"{name}_p{p}": np.percentile(values, p) for p in percents}


def pool_descriptors(tracks, voiced):
    values = {}
    for name, track in tracks.items():
        if name == "f0":
            continue
        if name in ("periodicity", "h1_h2", "h1_a3"):
            values |= summarise(name, track[voiced], (10, 50, 90))
            continue
        values |= summarise(f"{name}_voiced", track[voiced], (10, 90)) | summarise(name, track, ())
        values[f"{name}_voiced_change"] = change(track)[voiced].mean()
        values[f"{name}_voiced_trend"] = trend(track[voiced])
    without = voiced if voiced.all() else ~voiced
    for name in ("alpha_ratio", "centroid", "level", "flatness"):
        values[f"{name}_unvoiced_mean"] = tracks[name][without].mean()
    return values


def median_of_five(values):
    return np.median(np.lib.stride_tricks.sliding_window_view(np.pad(values, 2, mode="edge"), 5), axis=1)


def pool_pitch(f0, starts, ends):
    raw = [f0[a:b] for a, b in zip(starts, ends)]
    smooth = [median_of_five(part) for part in raw]
    whole = np.concatenate(smooth)
    join = lambda parts: np.concatenate(parts) if sum(map(len, parts)) else np.zeros(1)
    steep = [(part[4:] - part[:-4]) / 0.04 for part in smooth if len(part) >= 5]
    rises = join([part[part > 0] for part in steep])
    falls = join([part[part < 0] for part in steep])
    jitter = join([np.abs(np.diff(part, 2)) for part in raw if len(part) >= 5])
    rises, falls = np.clip(rises, 0, 10), np.clip(falls, -10, 0)
    values = summarise("f0", whole, (5, 20, 50, 80, 95)) | summarise("f0_rise", rises, ()) | summarise("f0_fall", falls, ())
    third = max(1, len(whole) // 3)
    middle = values["f0_p50"]
    return values | {
        "f0_range_20_80": values["f0_p80"] - values["f0_p20"],
        "f0_range_5_95": values["f0_p95"] - values["f0_p5"],
        "f0_jitter": np.median(jitter),
        "f0_trend": trend(whole),
        "f0_first_third": whole[:third].mean() - middle,
        "f0_last_third": whole[-third:].mean() - middle,
        "f0_argmax": np.argmax(whole) / len(whole),
        "f0_argmin": np.argmin(whole) / len(whole),
        "f0_skewness": ((whole - whole.mean()) ** 3).mean() / (whole.std() ** 3 + 1e-4),
        "f0_stretch_mean_std": np.std([part.mean() for part in smooth]),
        "f0_stretch_range_mean": np.mean([np.ptp(part) for part in smooth]),
        "f0_stretch_range_max": np.max([np.ptp(part) for part in smooth]),
        "f0_stretch_slope_mean": np.mean([trend(part) for part in smooth]),
        "f0_last_stretch_slope": trend(smooth[-1]),
    }


def pool_rhythm(level, voiced, starts, ends):
    frames = len(level)
    seconds = frames * 0.01
    kernel = np.hanning(9) / np.hanning(9).sum()
    contour = np.convolve(np.maximum(level, -40), kernel, "full")[4 : 4 + frames]
    steps = np.diff(contour)
    peaks = [t for t in range(4, frames - 4) if contour[t] == contour[t - 4 : t + 5].max() and contour[t] > -20]
    mean_of = lambda part: part.mean() if len(part) else 0.0
    lengths = (ends - starts) * 0.01
    pauses = np.subtract(*find_stretches(~voiced)[::-1]) * 0.01
    energy = 10 ** (level / 10)
    return {f"level_p{p}": np.percentile(level, p) for p in (5, 20, 50, 80, 95)} | {
        "level_centre": (np.arange(frames) * energy).sum() / energy.sum() / frames,
        "shimmer": np.median(np.abs(np.diff(level[voiced]))) if voiced.sum() > 1 else 0.0,
        "level_rise": mean_of(steps[steps > 0]),
        "level_fall": mean_of(steps[steps < 0]),
        "level_argmax": np.argmax(contour) / frames,
        "level_peak_rate": len(peaks) / seconds,
        "level_peak_std": np.std(contour[peaks]) if len(peaks) > 1 else 0.0,
        "voiced_fraction": voiced.mean(),
        "voiced_rate": len(starts) / seconds,
        "voiced_length_log": np.log(lengths.mean()),
        "voiced_length_std": lengths.std(),
        "voiced_length_max_log": np.log(lengths.max()),
        "unvoiced_length_mean": mean_of(pauses),
        "unvoiced_length_std": pauses.std() if len(pauses) else 0.0,
        "duration_log": np.log(seconds),
    }


def voice_values(samples):
    tracks = describe(samples)
    voiced, starts, ends, f0 = find_voice(tracks)
    values = pool_descriptors(tracks, voiced) | pool_pitch(f0, starts, ends)
    values |= pool_rhythm(tracks["level"], voiced, starts, ends)
    return {name: float(value) for name, value in values.items()}


AVERAGED = (
    ["level", "alpha_ratio", "hammarberg", "slope_0_500", "slope_500_1500", "slope_1500_5000", "centroid", "flatness"]
    + ["flux", *(f"mfcc_{i}" for i in range(1, 13)), "hnr", "periodicity", "h1_h2", "h1_a3"]
)


def voice_blocks(samples, size=6):
    """The values of every block of so many frames, by name."""
    tracks = describe(samples)
    count = max(1, len(tracks["f0"]) // size)
    cut = lambda track: track[: count * size].reshape(count, -1).astype(float)
    f0, level = cut(tracks["f0"]), cut(tracks["level"])
    voiced = f0 > 0
    usual = np.median(tracks["f0"][tracks["f0"] > 0]) if (tracks["f0"] > 0).any() else 7.0
    parts = [row[mark] for row, mark in zip(f0, voiced)]
    pitch = []
    for part in parts:
        pitch.append(part.mean() if len(part) else pitch[-1] if pitch else usual)
    blocks = {
        "f0": np.array(pitch),
        "f0_std": np.array([part.std() if len(part) else 0.0 for part in parts]),
        "f0_change": np.array([part[-1] - part[0] if len(part) else 0.0 for part in parts]),
        "voiced_fraction": voiced.mean(1),
        "level_change": np.abs(np.diff(level)).mean(1) if level.shape[1] > 1 else np.zeros(count),
        **{name: cut(tracks[name]).mean(1) for name in AVERAGED},
        **{f"{name}_max": cut(tracks[name]).max(1) for name in AVERAGED[:12]},
    }
    return {name: values.tolist() for name, values in blocks.items()}


if __name__ == "__main__":
    for path in sys.argv[1:]:
        print(json.dumps(voice_values(np.fromfile(path, "<f4"))))
