"""Makes a web archive of a given size from a folder of pages, as warcio writes it: python make_warc.py FOLDER OUT.warc.gz MEGABYTES

For measuring memory, speed and resumption of `rashomon extract` and `annotate`. The size is that of the pages, unpacked; each
page comes again, under another address, until there are enough."""

import gzip
import io
import sys
from pathlib import Path


def main(folder, out, megabytes):
    try:
        from warcio.statusandheaders import StatusAndHeaders
        from warcio.warcwriter import WARCWriter
    except ImportError:
        sys.exit("skipped: warcio is not installed (pip install warcio).")
    pages = [(path.name, path.read_bytes()) for path in sorted(Path(folder).glob("*.html"))]
    pages += [(path.stem, gzip.decompress(path.read_bytes())) for path in sorted(Path(folder).glob("*.html.gz"))]
    if not pages:
        sys.exit(f"skipped: {folder} holds no *.html or *.html.gz.")
    written, number = 0, 0
    with open(out, "wb") as file:
        writer = WARCWriter(file, gzip=out.endswith(".gz"))
        while written < int(megabytes) * 1_000_000:
            name, page = pages[number % len(pages)]
            url = f"https://pages.example/{number // len(pages)}/{name}"
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            record = writer.create_warc_record(url, "response", payload=io.BytesIO(page), http_headers=head,
                                               warc_headers_dict={"WARC-Date": "2024-01-01T00:00:00Z"})
            request = StatusAndHeaders("GET / HTTP/1.1", [("Host", "pages.example")], is_http_request=True)
            writer.write_record(writer.create_warc_record(url, "request", http_headers=request))
            writer.write_record(record)
            written, number = written + len(page), number + 1
    print(f"{number} pages, {written} bytes in {out}")


if __name__ == "__main__":
    main(*sys.argv[1:])
