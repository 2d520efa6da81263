"""What `higgs-diagnose audio` measures, computed a second time with numpy, scipy, librosa and soundfile.

    python measures.py make FOLDER SEED COUNT     writes random sounds, and prints their paths
    python measures.py measure FILE...            prints one JSON object for each file

The definitions are those of docs/audio.md; nothing is shared with the code under test but its file.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import librosa
import numpy as np
import scipy.signal
import soundfile


def frames(samples: np.ndarray, length: int, hop: int) -> np.ndarray:
    """Frames that lie whole within the sound; of a shorter sound one, filled up with zeros."""
    if len(samples) < length:
        samples = np.pad(samples, (0, length - len(samples)))
    return np.lib.stride_tricks.sliding_window_view(samples, length)[::hop]


def decibels(power: np.ndarray) -> np.ndarray:
    return 10 * np.log10(power + 1e-20)


def longest_run(flags: np.ndarray) -> int:
    return max((len(run) for run in re.findall(rb"\x01+", flags.astype(np.uint8).tobytes())), default=0)


def smooth_length(length: int) -> int:
    """The least even number of factors 2, 3 and 5."""
    candidate = length + length % 2
    while True:
        rest = candidate
        for prime in (2, 3, 5):
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            return candidate
        candidate += 2


def hann(length: int) -> np.ndarray:
    return scipy.signal.get_window("hann", length, fftbins=True)


def activity(active: np.ndarray, step: float, seconds: float) -> dict[str, float]:
    places = np.flatnonzero(active)
    if not len(places):
        return {"leading_silence": seconds, "trailing_silence": seconds, "longest_gap": 0.0}
    return {
        "leading_silence": places[0] * step,
        "trailing_silence": (len(active) - 1 - places[-1]) * step,
        "longest_gap": max(int(np.diff(places).max(initial=1)) - 1, 0) * step,
    }


def syllables(amplitude: np.ndarray, active: np.ndarray) -> int:
    weights = np.hanning(9)[1:-1] / np.hanning(9)[1:-1].sum()
    smooth = np.convolve(np.pad(amplitude, 3, mode="edge"), weights, "valid")
    levels = 20 * np.log10(np.maximum(smooth, 1e-5))
    peaks, _ = scipy.signal.find_peaks(levels, prominence=3)
    kept: list[int] = []
    near = np.convolve(np.pad(active.astype(int), 1), [1, 1, 1], "valid") > 0
    for peak in peaks:
        if not near[peak]:
            continue
        if kept and peak - kept[-1] < 8:
            if levels[peak] > levels[kept[-1]]:
                kept[-1] = peak
        else:
            kept.append(peak)
    return len(kept)


def modulation(envelope: np.ndarray, rate: float) -> float | None:
    size, starts = 1024, [0]
    if len(envelope) > size:
        # Stretches that overlap by half; the last one is as long as what is left.
        starts = list(range(0, len(envelope) - size + 1, size // 2))
        if (len(envelope) - size) % (size // 2):
            starts.append(starts[-1] + size // 2)
    within = total = 0.0
    for start in starts:
        part = envelope[start : start + size]
        window = np.hanning(len(part) + 2)[1:-1]
        power = np.abs(np.fft.rfft((part - part.mean()) * window, size)) ** 2
        frequency = np.arange(len(power)) * rate / size
        total += power[(frequency >= 0.3) & (frequency <= 40)].sum()
        within += power[(frequency >= 2) & (frequency <= 8)].sum()
    return within / total if total > 0 else None


def recurrence(levels: np.ndarray, active: np.ndarray, step: float) -> tuple[float, float | None]:
    best, period, size = 0.0, None, 600
    starts = [0]
    if len(levels) > size:
        starts = list(range(0, len(levels) - size + 1, size // 2))
        if (len(levels) - size) % (size // 2):
            starts.append(starts[-1] + size // 2)
    for start in starts:
        part = levels[start : start + size]
        if len(part) <= 16 or active[start : start + size].sum() < 50:
            continue
        part = np.maximum(part, np.percentile(part.max(axis=1), 95) - 40)
        part = part - part.mean(axis=0)
        # Every product of two frames at once; a lag's are those of one diagonal.
        products, energy = part @ part.T, np.concatenate([[0], np.cumsum((part**2).sum(axis=1))])
        lowest, found = 1.0, []
        for lag in range(1, len(part) // 2 + 1):
            scale = np.sqrt(energy[-1 - lag] * (energy[-1] - energy[lag]))
            value = np.trace(products, lag) / scale if scale > 0 else 0
            if lag >= 8 and value - lowest >= 0.5:
                found.append((value, lag))
            lowest = min(lowest, value)
        greatest = max(found, default=(0, 0))[0]
        if greatest > best:
            best = min(greatest, 1.0)
            period = next(lag for value, lag in found if value >= greatest - 0.01) * step
    return best, period


def harmonicity(samples: np.ndarray, rate: int, length: int, threshold: float) -> float | None:
    cut = frames(samples, length, length)
    cut = cut[decibels(cut.var(axis=1)) > threshold]
    if not len(cut):
        return None
    cut = cut - cut.mean(axis=1, keepdims=True)
    low, high = int(np.ceil(rate / 450)), min(int(rate / 60), length - 1)
    size = smooth_length(length + high)
    sums = np.fft.irfft(np.abs(np.fft.rfft(cut, size)) ** 2, size)
    squares = np.pad(np.cumsum(cut**2, axis=1), ((0, 0), (1, 0)))
    lags, total = np.arange(low, high + 1), squares[:, -1:]
    head = np.maximum(squares[:, length - lags], total * 1e-6)
    tail = np.maximum(total - squares[:, lags], total * 1e-6)
    best = (sums[:, lags] / np.sqrt(head * tail)).max(axis=1)
    return float(np.median(np.clip(best, 0, 1)))


def loudness(samples: np.ndarray, rate: int) -> float | None:
    """ITU-R BS.1770-4: two filters, blocks of 400 ms every 100 ms, two gates. The filters' analogue prototypes are
    those whose digital form at 48 kHz is the standard's table."""
    gain, quality, centre = 3.999843853973347, 0.7071752369554196, 1681.974450955533
    k, vh = np.tan(np.pi * centre / rate), 10 ** (gain / 20)
    vb = vh**0.4996667741545416
    a0 = 1 + k / quality + k * k
    shelf = (
        np.array([vh + vb * k / quality + k * k, 2 * (k * k - vh), vh - vb * k / quality + k * k]) / a0,
        np.array([1, 2 * (k * k - 1) / a0, (1 - k / quality + k * k) / a0]),
    )
    quality, centre = 0.5003270373238773, 38.13547087602444
    k = np.tan(np.pi * centre / rate)
    a0 = 1 + k / quality + k * k
    passing = (np.array([1.0, -2.0, 1.0]), np.array([1, 2 * (k * k - 1) / a0, (1 - k / quality + k * k) / a0]))
    weighted = scipy.signal.lfilter(*passing, scipy.signal.lfilter(*shelf, samples, axis=0), axis=0)
    step = (rate + 5) // 10
    if len(weighted) < 4 * step:
        return None
    # Front channels count once, those behind 1.41 times; the fourth of five or six is left out.
    weights = {4: [1, 1, 1.41, 1.41], 5: [1, 1, 1, 1.41, 1.41]}.get(samples.shape[1], [1, 1, 1, 0, 1.41, 1.41])
    weights = np.array((weights + [0] * samples.shape[1])[: samples.shape[1]])
    power = (frames_of(weighted**2, 4 * step, step) * weights).sum(axis=1)
    power = power[power >= 10 ** ((-70 + 0.691) / 10)]
    if not len(power):
        return None
    gated = power[power >= power.mean() / 10]
    return float(-0.691 + 10 * np.log10(gated.mean()))


def frames_of(squares: np.ndarray, length: int, hop: int) -> np.ndarray:
    sums = np.concatenate([np.zeros((1, squares.shape[1])), np.cumsum(squares, axis=0)])
    starts = np.arange(0, len(squares) - length + 1, hop)
    return (sums[starts + length] - sums[starts]) / length


def true_peak(samples: np.ndarray) -> float:
    return float(np.abs(scipy.signal.resample_poly(samples, 8, 1, axis=0)).max())


def seams(samples: np.ndarray, length: int) -> tuple[float | None, int]:
    cut = frames(samples[length // 2 :], length, length) if len(samples) >= length + length // 2 else []
    if not len(cut):
        return None, 0
    bends, middle = np.abs(np.diff(cut, 2)), length // 2
    loud = np.mean(cut[:, 2:] ** 2, axis=1) * (length - 2) / length > 1e-5
    boundaries = np.flatnonzero(loud & bends.any(axis=1))
    bends = bends[boundaries]
    figures = bends[:, middle - 2 : middle].max(axis=1) / np.sqrt(np.mean(bends**2, axis=1))
    best, found = 0.0, 0
    for period in range(1, 129):
        phase = (boundaries + 1) % period
        least = np.full(period, np.inf)
        np.minimum.at(least, phase, figures)
        least[np.bincount(phase, minlength=period) < 4] = -1
        if least.max() > best:
            best, found = least.max(), period
    return (best, found) if found else (None, 0)


def measure(path: str) -> dict[str, object]:
    every, rate = soundfile.read(path, dtype="float64", always_2d=True)
    bad = ~np.isfinite(every)
    every = np.where(bad, 0, every).astype(np.float32).astype(np.float64)
    energies = np.where(np.ptp(every, axis=0) > 0, every.var(axis=0), 0)
    samples = every[:, int(np.argmax(energies >= energies.max() * (1 - 1e-6)))]
    count, step = len(samples), max(1, int(rate / 100 + 0.5))
    full = np.abs(every.astype(np.float32)) >= np.float32(0.999)
    first, after = every[1:-1], every[2:]
    line = 2 * first - every[:-2]
    leaves = (np.abs(first) > 0.75) & (np.abs(line) > 1) & (first * line > 0)
    wraps = leaves & (after * first < 0) & (np.abs(after - (line - 2 * np.sign(line))) < 0.25)
    result: dict[str, object] = {
        "samples": count,
        "seconds": count / rate,
        "frames": count * 25 / rate,
        "non_finite": int(bad.sum()),
        "mean_square": np.mean(samples**2),
        "ac_energy": samples.var(),
        "rms_dbfs": 10 * np.log10(np.mean(samples**2)) if samples.any() else None,
        "peak_dbfs": 20 * np.log10(np.abs(samples).max()) if samples.any() else None,
        "dc_offset": samples.mean(),
        "distinct_values": len(np.unique(np.clip(np.floor(samples * 32768 + 0.5), -32768, 32768))),
        "clipped_share": full.mean(axis=0).max(),
        "longest_clipped_run": max(longest_run(full[:, channel]) for channel in range(every.shape[1])),
        "beyond_full_scale": int((np.abs(every) > 1).sum()),
        "wraps": int(wraps.sum()),
        "jumps": int((np.abs(np.diff(every, axis=0)) > 1).sum()),
        "loudness_lufs": loudness(every, rate),
        "true_peak_dbtp": 20 * np.log10(true_peak(every)) if every.any() else None,
    }
    short, long = frames(samples, 2 * step, step), frames(samples, 4 * step, 2 * step)
    levels, long_levels = decibels(short.var(axis=1)), decibels(long.var(axis=1))
    loud, loudest = np.percentile(levels, 95), levels.max()
    threshold = max(-50, loud - 30)
    # How near a frame comes to a threshold, dB: on which side of it such a frame lies is chance.
    near = [levels - threshold, long_levels[::2] - threshold]
    result["margin"] = min(np.abs(distance).min() for distance in near)
    active = levels > threshold
    result |= {
        "loud_level_dbfs": loud,
        "active_ratio": active.mean(),
        "end_level_db": decibels(samples[-4 * step :].var()) - loud,
        **activity(active, step / rate, count / rate),
    }
    seam, period = seams(samples, 4 * step)
    result |= {"seam": seam, "seam_period": period * 4 * step / rate if seam is not None else None}
    if not active.any() or rate < 6800:
        return result | {"loop": 0.0}

    centred = short - short.mean(axis=1, keepdims=True)
    negative = centred < 0
    crossings = (negative[:, 1:] != negative[:, :-1]).mean(axis=1)[active]
    size = smooth_length(2 * step)
    window = hann(2 * step)
    power = np.abs(np.fft.rfft(centred * window, size)) ** 2
    frequency = np.arange(power.shape[1]) * rate / size
    band = power[:, (frequency >= 300) & (frequency <= 3400)].sum(axis=1) * 2 / (size * (window**2).sum())
    amplitude = np.where(active, np.sqrt(band), 0)
    filters = librosa.filters.mel(
        sr=rate, n_fft=size, n_mels=40, fmin=80, fmax=min(8000, rate / 2), htk=True, norm=None
    )
    mel = 10 * np.log10(power[::2] @ filters.T * 4 / window.sum() ** 2 + 1e-14)
    even = active[::2]
    mel = np.where(even[:, None], mel, -140)
    both = even[1:] & even[:-1]
    flux = np.abs(np.diff(mel, axis=0)).mean(axis=1)[both]
    loop, loop_period = recurrence(mel, even, 2 * step / rate)
    result |= {
        "crossing_deviation": crossings.std(),
        "mel_flux": float(np.median(flux)) if len(flux) else None,
        "modulation_share": modulation(np.sqrt(10 ** (levels / 10)), rate / step),
        "syllable_rate": syllables(amplitude, active) / (active.sum() * step / rate),
        "loop": loop,
        "loop_period": loop_period,
        "harmonicity": harmonicity(samples, rate, 4 * step, threshold),
    }
    size, window = smooth_length(4 * step), hann(4 * step)
    power = np.abs(np.fft.rfft((long - long.mean(axis=1, keepdims=True)) * window, size)) ** 2
    power = power[:, 2:] + 1e-30
    levels = decibels(power.sum(axis=1) * 2 / (size * (window**2).sum()))
    result["margin"] = min(result["margin"], np.abs(levels - loudest + 40).min())
    power = power[levels > loudest - 40]
    bins = np.arange(2, 2 + power.shape[1]) * rate / size
    if len(power):
        centroids = (power * bins).sum(axis=1) / power.sum(axis=1)
        flatness = np.exp(np.log(power).mean(axis=1)) / power.mean(axis=1)
        result |= {"centroid_deviation": centroids.std(), "spectral_flatness": flatness.mean()}
    return result


def random_sound(dice: np.random.Generator, rate: int) -> np.ndarray:
    """A sound of one of many kinds, between a silence and an overdriven mixture."""
    seconds = float(dice.choice([0.005, 0.03, 0.3, 1, 2.5, 4, 13]))
    time = np.arange(max(1, int(seconds * rate))) / rate
    kind = dice.integers(8)
    noise = dice.standard_normal(len(time))
    tone = scipy.signal.sawtooth(2 * np.pi * dice.uniform(80, 400) * time * (1 + 0.05 * np.sin(2 * np.pi * 3 * time)))
    syllable = np.clip(np.sin(2 * np.pi * dice.uniform(2, 6) * time + dice.uniform(0, 6)), 0, 1) ** 2
    sound = [
        lambda: noise * 1e-4,
        lambda: noise * 0.1,
        lambda: tone * syllable * 0.3 + noise * syllable * 0.05,
        lambda: tone * 0.5,
        lambda: np.where((time % 0.7) < 0.3, tone * 0.3 + noise * 0.02, noise * 1e-5),
        lambda: np.tile((tone * syllable)[: max(1, len(time) // 4)], 5)[: len(time)] * 0.3,
        lambda: np.clip(tone * 1.5, -1, 1),
        lambda: np.round((noise * 0.2 + 0.02) * 64) / 64,
    ][kind]()
    if dice.random() < 0.3:
        start, length = dice.integers(len(sound)), int(dice.uniform(0, 2) * rate)
        sound[start : start + length] *= 1e-4
    return sound + dice.choice([0, 0, 0.05]) * dice.uniform(-1, 1)


def make(folder: Path, seed: int, count: int) -> list[Path]:
    dice = np.random.default_rng(seed)
    made = []
    for number in range(count):
        rate = int(dice.choice([24000, 24000, 16000, 44100, 48000, 8000, 22050]))
        sound = random_sound(dice, rate)
        channels = int(dice.choice([1, 1, 2, 5]))
        sound = np.stack([sound * dice.choice([1, 0.5, 0, -1]) for _ in range(channels)], axis=1)
        ending, subtype = [
            ("wav", "PCM_16"), ("wav", "FLOAT"), ("wav", "PCM_24"), ("wav", "PCM_U8"), ("wav", "DOUBLE"),
            ("flac", "PCM_16"), ("flac", "PCM_24"), ("aiff", "PCM_16"), ("wav", "ULAW"),
        ][dice.integers(9)]  # fmt: skip
        if subtype in ("FLOAT", "DOUBLE") and dice.random() < 0.3:
            sound[dice.integers(len(sound)), 0] = dice.choice([np.nan, np.inf, -np.inf])
        path = folder / f"{seed}-{number}-{subtype.lower()}.{ending}"
        soundfile.write(path, sound, rate, subtype)
        made.append(path)
    return made


def plain(value: object) -> object:
    return value.item() if isinstance(value, np.generic) else value


def main() -> None:
    if sys.argv[1] == "make":
        for path in make(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])):
            print(path)
        return
    for path in sys.argv[2:]:
        print(json.dumps({name: plain(value) for name, value in measure(path).items()}))


if __name__ == "__main__":
    main()
