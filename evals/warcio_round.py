"""Holds our archives against warcio's, both ways, and against damage.

usage: warcio_round.py FOLDER    FOLDER holds *.html; RASHOMON names the binary, WRITE_WARC the example write_warc of ingest

1. warcio reads what we write: every record, with its digests and its payload byte for byte.
2. We read what warcio writes, gzip and plain, plain and chunked: the same articles as from the pages themselves.
3. The same archives cut short, with bytes turned, taken out and put in, at seeded random places: what is left is read, read and
   skipped and passed over are told, and no run ends with anything but exit code 0 or 1, or takes over a minute.
"""
import io
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

BINARY = os.environ.get("RASHOMON", "target/release/rashomon")
WRITE = os.environ.get("WRITE_WARC", "target/release/examples/write_warc")
PAGES_MAX = 60
DAMAGES = 40


def extract(path):
    """The articles of an archive by address, the last line told, and the exit code."""
    done = subprocess.run([BINARY, "extract", str(path)], capture_output=True, timeout=60)
    lines = [json.loads(line) for line in done.stdout.decode().splitlines()]
    return {line["url"]: line["text"] for line in lines}, done.stderr.decode().strip().splitlines(), done.returncode


def read_by_warcio(path, pages):
    from warcio.archiveiterator import ArchiveIterator
    count = 0
    with open(path, "rb") as file:
        for record in ArchiveIterator(file, check_digests="raise"):
            name = record.rec_headers.get_header("WARC-Target-URI").rsplit("/", 1)[1]
            assert record.content_stream().read() == pages[name], f"{name} comes back otherwise"
            count += 1
    return count


def write_by_warcio(path, pages, chunked):
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter
    with open(path, "wb") as file:
        writer = WARCWriter(file, gzip=str(path).endswith(".gz"))
        for name, page in pages.items():
            fields = [("Content-Type", "text/html")]
            if chunked:
                fields.append(("Transfer-Encoding", "chunked"))
                size = 5_000
                pieces = [page[at:at + size] for at in range(0, len(page), size)]
                page = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
            writer.write_record(writer.create_warc_record(
                f"https://pages.example/{name}", "response", payload=io.BytesIO(page),
                http_headers=StatusAndHeaders("200 OK", fields, protocol="HTTP/1.1"),
                warc_headers_dict={"WARC-Date": "2024-01-01T00:00:00Z"}))


def damaged(content, numbers):
    """One kind of damage at one place."""
    at = numbers.randrange(len(content))
    way = numbers.choice(["cut", "turned", "taken out", "put in"])
    some = bytes(numbers.randrange(256) for _ in range(numbers.randrange(1, 40)))
    return way, {"cut": content[:at], "turned": content[:at] + some + content[at + len(some):],
                 "taken out": content[:at] + content[at + len(some):], "put in": content[:at] + some + content[at:]}[way]


def main(folder):
    try:
        import warcio  # noqa: F401
    except ImportError:
        sys.exit("skipped: warcio is not installed (pip install warcio).")
    paths = sorted(pathlib.Path(folder).glob("*.html"))[:PAGES_MAX]
    pages = {path.name: path.read_bytes() for path in paths}
    numbers = random.Random(1)
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        (work / "pages").mkdir()
        for name, page in pages.items():
            (work / "pages" / name).write_bytes(page)
        for ending in ("warc", "warc.gz"):
            ours = work / f"ours.{ending}"
            subprocess.run([WRITE, str(work / "pages"), str(ours)], check=True, stdout=subprocess.DEVNULL)
            print(f"warcio reads ours, .{ending}: {read_by_warcio(ours, pages)} of {len(pages)} pages, digests checked")
            wanted, _, _ = extract(ours)
            for chunked in (False, True):
                theirs = work / f"theirs.{ending}"
                write_by_warcio(theirs, pages, chunked)
                found, told, _ = extract(theirs)
                print(f"we read warcio's, .{ending}{', chunked' if chunked else ''}: {len(found)} articles, "
                      f"{sum(found[url] == text for url, text in wanted.items() if url in found)} of {len(wanted)} as from ours; {told[-1]}")
            content, kept, worst = theirs.read_bytes(), 0, len(wanted)
            for number in range(DAMAGES):
                way, bytes_ = damaged(content, numbers)
                broken = work / f"broken-{number}.{ending}"
                broken.write_bytes(bytes_)
                found, told, code = extract(broken)
                assert code in (0, 1), f"{way}: exit code {code}: {told[-3:]}"
                right = sum(found.get(url) == text for url, text in wanted.items())
                if way != "cut":
                    worst = min(worst, right)
                kept += right
            print(f"damaged, .{ending}: {DAMAGES} archives, none hangs or fails; of {len(wanted)} articles {kept / DAMAGES:.1f} "
                  f"are left unchanged on average, at least {worst} where nothing was cut off")


if __name__ == "__main__":
    main(*sys.argv[1:])
