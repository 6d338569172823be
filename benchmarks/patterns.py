"""How long every regular expression takes on texts made to hurt: that its time grows as the text does, and the worst ten.

    python benchmarks/patterns.py            # all, up to 8,000 characters; some minutes
    python benchmarks/patterns.py lines llm  # those of modules whose names hold one of these

The texts are grown from each expression (`tests/support/adversarial_texts.py`). Times are processor time, the least of three.
`tests/unit/test_patterns.py` is a sample of this.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "tests" / "support"))

import pattern_growth
import used_patterns

#: Characters; each is twice the one before.
LENGTHS = (1_000, 2_000, 4_000, 8_000)
SHOWN = 10


def main(parts: list[str]) -> int:
    """Print what grows faster than its text, and the table of the slowest; return 1 where there is any."""
    used = [one for one in used_patterns.every_pattern() if not parts or any(part in one.place for part in parts)]
    slowest: list[tuple[float, float, pattern_growth.Trial]] = []
    faults = []
    for one in used:
        trials = pattern_growth.trials(one)
        fault = pattern_growth.first_fault(trials, *LENGTHS[:2])
        if fault:
            faults.append((one.place, fault))
            print(f"FASTER THAN ITS TEXT: {one.place}: {fault}", flush=True)
            continue
        trial = max(trials, key=lambda trial: trial.milliseconds(LENGTHS[0]), default=None)
        if trial:
            slowest.append((trial.milliseconds(LENGTHS[0], times=3), len(slowest), trial))
    print(f"{len(used)} expressions, {len(faults)} of them faster than their texts")
    print("\n| expression | text | " + " | ".join(f"{length:,} (ms)" for length in LENGTHS) + " |")
    print("| --- | --- |" + " --- |" * len(LENGTHS))
    for _, _, trial in sorted(slowest, reverse=True)[:SHOWN]:
        times = " | ".join(f"{trial.milliseconds(length, times=3):.2f}" for length in LENGTHS)
        print(f"| {trial.place} ({trial.method}) | {ascii(trial.text.part)[1:-1].replace('|', '¦')} | {times} |")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
