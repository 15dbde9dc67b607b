"""Puts the inputs of cases/ and examples/ into the corpora from which the fuzzers begin: `python3 fuzz/seeds.py`.

Targets that read several formats take the name of the input from its first byte (`under_names` in src/checks.rs).
"""
import hashlib, pathlib

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent
NAMES = {
    "archive": [".warc", ".warc.gz", ".wacz", ".mhtml", ".html.gz", ".html.zst", ".zip"],
    "feed": [".rss", ".atom", ".xml", ".opml", "sitemap.xml", ".json"],
    "table": [".txt", ".csv", ".tsv", ".jsonl", ""],
}
FORMATS = {"html": "page", "warc": "archive", "wacz": "archive", "mhtml": "archive", "packed": "archive",
           "feed": "feed", "opml": "feed", "sitemap": "feed", "csv": "table", "jsonl": "table", "text": "table"}


def put(target, content):
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha1(content).hexdigest()).write_bytes(content)


def main():
    for format, target in FORMATS.items():
        for path in sorted((ROOT / "cases/ingest" / format).glob("*/*")):
            if not path.name.startswith("raw-"):
                continue
            content = path.read_bytes()
            endings = NAMES.get(target)
            if not endings:
                put(target, content)
                continue
            ending = max((ending for ending in endings if path.name.endswith(ending)), key=len, default=endings[0])
            put(target, bytes([endings.index(ending)]) + content)
    reports = [path.read_bytes() for path in sorted((ROOT / "examples/ferry").glob("*.txt"))]
    put("story", b"\x0c".join(report[:900] for report in reports[:3]))
    put("story", "The bridge fell, police said.\x0cThe bridge did not fall, police said. “It is there.”".encode())
    put("overrides", b'[[merge]]\narticles = ["a", "b"]\nby = "ana"\nat = "2022-02-15"\n[[ignore]]\narticle = "c"\nwords = "x"\n')
    put("overrides", b'[[alias]]\nname = "A B"\nalso = ["B"]\n[[owner]]\noutlet = "a.example"\nowner = "B"\n')
    put("robots", b"User-agent: *\nDisallow: /a*b$\nAllow: /\nCrawl-delay: 2\n")
    put("weights", (ROOT / "crates/ingest/model/extract.bin").read_bytes()[:4096])
    put("dossier", b"{}")


if __name__ == "__main__":
    main()
