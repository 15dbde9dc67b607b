"""Runs the English cases of Recognizers-Text (numbers, money, measures, percentages, ages) against `annotate`.

usage: specs.py FOLDER [-v]    FOLDER holds NumberModel.json, CurrencyModel.json, …; RASHOMON names the binary

A case passes when every expected result has a figure that overlaps it and has its value. What is beyond a figure
in news is decided against in DECIDED, each group with its reason, and counted apart.
"""
import json, os, pathlib, re, subprocess, sys
from decimal import Decimal

BINARY = os.environ.get("RASHOMON", "target/release/rashomon")
MODELS = ("NumberModel", "CurrencyModel", "DimensionModel", "PercentModel", "AgeModel", "OrdinalModel")
# (model or None for all, what the input looks like, why it is no figure of ours)
DECIDED = [
    ("OrdinalModel", r"", "an ordinal names a place in a row, it counts nothing"),
    (None, r"\^|\de\+\d|x10", "powers and scientific notation are not written in news"),
    (None, r"phone number|https?://|Exercises nrs|0000", "telephone numbers, addresses and lists of labels are no quantities"),
    ("NumberModel", r"\d over |\bone over |^The answer is minus one hundred|(twenty|thirty|hundred|thousand|-) (fifths?|hundredths)$|-firsts?$|fifty-four hundredths$",
     "divisions read aloud and fractions with a spelled lower part above ten are sums, not quantities"),
    ("NumberModel", r"million$|(three|half) and three fifths$|^4 ?(thousand|000) 3|is 1,3|\dG$| M$|-nought-|half a? ?million$|and three quarters million",
     "numbers in pieces that only a speech recogniser prints; a comma is no decimal point in English"),
    ("NumberModel", r"version two|one last", "labels and the pronoun 'one' are no quantities"),
    ("NumberModel", r"\d(ml|km)\b|^1m ", "the number of a measure is part of the measure's figure"),
    ("CurrencyModel", r"mao five|dollars? (50|forty five)|USD 25|USD million|MEUR|MAUD|^Do you think sen",
     "money spelled for a chat program: '15 dollars 50', '75 USD million'"),
    ("DimensionModel", r"picometer", "'2 pm' is a clock time"),
]
UNIT_SCALE = {"Pence": 100, "Cent": 100, "Satoshi": 100000000}


def reason(model, text):
    for which, pattern, why in DECIDED:
        if which in (None, model) and re.search(pattern, text):
            return why
    return None


def exact(found, expected):
    """The same value; a hedge may make it a range with the value at an end or in the middle."""
    wanted = Decimal(str(expected).rstrip("%"))
    ends = [Decimal(v) for v in (found["low"], found["high"]) if v is not None]
    close = lambda value: abs(value - wanted) <= abs(wanted) * Decimal("0.000001")
    return any(close(e) for e in ends) or (len(ends) == 2 and close(sum(ends) / 2))


def passes(model, case, figures):
    expected = [r for r in case["Results"] if (r.get("Resolution") or {}).get("value") not in (None, "null")]
    if not case["Results"]:
        unit = {"CurrencyModel": r"[A-Z]{3}$", "DimensionModel": r".*"}.get(model)
        wrong = [f for f in figures if unit is None or (f["unit"] and re.match(unit, f["unit"]))]
        if model == "DimensionModel":
            wrong = [f for f in wrong if f["unit"] and not re.match(r"[A-Z]{3}$|percent|degree", f["unit"])]
        return not wrong
    for result in expected:
        value = Decimal(result["Resolution"]["value"].rstrip("%"))
        value /= UNIT_SCALE.get(result["Resolution"].get("unit"), 1)
        start = len(case["Input"][:result["Start"]].encode())
        end = len(case["Input"][:result["End"] + 1].encode())
        if not any(f["start"] < end and start < f["end"] and exact(f, value) for f in figures):
            return False
    return True


def main(folder, verbose):
    for model in MODELS:
        path = pathlib.Path(folder) / f"{model}.json"
        cases = json.loads(path.read_text(encoding="utf-8-sig"))
        lines = "\n".join(json.dumps({"id": str(i), "text": c["Input"], "published": "2016-11-07"}) for i, c in enumerate(cases))
        done = subprocess.run([BINARY, "annotate", "-", "--format", "jsonl", "--quiet"], input=lines.encode(), capture_output=True)
        found = {a["id"]: a for a in map(json.loads, done.stdout.decode().splitlines())}
        passed = scope = 0
        decided = {}
        for i, case in enumerate(cases):
            why = reason(model, case["Input"])
            if why:
                decided[why] = decided.get(why, 0) + 1
                continue
            scope += 1
            figures = found.get(str(i), {"figures": []})["figures"]
            ok = passes(model, case, figures)
            passed += ok
            if verbose and not ok:
                got = [(f["text"], f["low"], f["high"], f["unit"]) for f in figures]
                print(f"   {case['Input'][:90]!r} wants {[(r['Text'], (r.get('Resolution') or {}).get('value')) for r in case['Results']]} got {got}")
        share = passed / scope if scope else 1.0
        print(f"{model:16s} {share:.3f}  ({passed} of {scope} in scope, {len(cases)} cases)")
        for why, count in sorted(decided.items()):
            print(f"   decided against: {count:3d}  {why}")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1], "-v" in sys.argv)
