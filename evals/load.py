"""Two hundred readers for a minute: python3 evals/load.py PROGRAM DATABASE [SECONDS] [READERS]

Starts the server on an archive, lets readers walk through its pages and its programming interface without rest, each over a
connection of its own, and prints how long answers took. Any answer but 200 is an error, and so is one that does not come.
"""

import asyncio
import re
import subprocess
import sys
import time
import urllib.parse

program, database = sys.argv[1:3]
seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 60.0
readers = int(sys.argv[4]) if len(sys.argv) > 4 else 200


async def ask(reader, writer, host, path):
    writer.write(f"GET {path} HTTP/1.1\r\nhost: {host}\r\naccept: text/html\r\n\r\n".encode())
    await writer.drain()
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head.split(b" ", 2)[1])
    length = re.search(rb"content-length: (\d+)", head, re.I)
    if length:
        body = await reader.readexactly(int(length.group(1)))
    else:
        body = b""
        while size := int(await reader.readline(), 16):
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
    return status, body


async def read(number, host, paths, end, times, errors):
    name, port = host.split(":")
    reader, writer = await asyncio.open_connection(name, int(port), limit=1 << 24)
    place = number * 7
    while time.monotonic() < end:
        path = paths[place % len(paths)]
        place += 1
        begun = time.monotonic()
        try:
            status, _ = await asyncio.wait_for(ask(reader, writer, host, path), 30)
            if status != 200:
                errors.append((path, status))
        except Exception as error:
            errors.append((path, repr(error)))
            reader, writer = await asyncio.open_connection(name, int(port), limit=1 << 24)
        times.append(time.monotonic() - begun)
    writer.close()


async def main(host):
    name, port = host.split(":")
    reader, writer = await asyncio.open_connection(name, int(port), limit=1 << 24)
    _, front = await ask(reader, writer, host, "/")
    stories = sorted(set(re.findall(r'href="(/stories/[^"#?]+)"', front.decode())))[:20]
    paths = ["/", "/events", "/sources", "/speakers", "/api/stories", "/api/events", "/search?q=said"]
    paths += stories + ["/api" + story for story in stories]
    paths += [f"/api/search?q={urllib.parse.quote(word)}" for word in ["police", '"said that"', "minister -police"]]
    times, errors = [], []
    end = time.monotonic() + seconds
    await asyncio.gather(*(read(number, host, paths, end, times, errors) for number in range(readers)))
    times.sort()
    at = lambda share: times[min(int(len(times) * share), len(times) - 1)] * 1000
    print(f"{readers} readers, {seconds:.0f} s: {len(times)} answers, {len(times) / seconds:.0f} a second, {len(errors)} errors; "
          f"median {at(.5):.0f} ms, p99 {at(.99):.0f} ms, slowest {at(1):.0f} ms")
    for error in errors[:10]:
        print("error:", *error)
    return bool(errors)


server = subprocess.Popen([program, "serve", "--listen", "127.0.0.1:0", "--database", database], stderr=subprocess.PIPE, text=True)
try:
    host = re.search(r"http://([^/]+)/", server.stderr.readline()).group(1)
    sys.exit(asyncio.run(main(host)))
finally:
    server.terminate()
