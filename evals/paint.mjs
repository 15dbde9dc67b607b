// How soon a story's page is seen: node evals/paint.mjs PROGRAM DATABASE [ARTICLES]
//
// Serves an archive that is there, opens the page of its largest story of ARTICLES articles at most (50 where not said) nine times
// in a new window each, and prints when its first words were painted. Needs what `evals/browser.mjs` needs; without that it says
// so and ends well.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [program, database, most = "50"] = process.argv.slice(2);
const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const modules = process.env.NODE_MODULES ?? "node_modules";
if (!chromium || !existsSync(join(modules, "playwright-core"))) {
  console.log("skipped: no chromium, or no playwright-core in the folder that NODE_MODULES names.");
  process.exit(0);
}
const playwright = createRequire(resolve(modules, "x.js"))("playwright-core");
const server = spawn(program, ["serve", "--listen", "127.0.0.1:0", "--database", database]);
const home = await new Promise((found, failed) => {
  let told = "";
  server.stderr.on("data", (data) => {
    told += data;
    const address = told.match(/http:\/\/[^\s/]+/);
    if (address) found(address[0]);
  });
  server.on("exit", () => failed(new Error(told)));
});

let story;
for (let path = "/api/stories?limit=100"; path; ) {
  const { stories, next } = await (await fetch(home + path)).json();
  for (const one of stories) {
    if (one.articles <= Number(most) && one.articles > (story?.articles ?? 0)) story = one;
  }
  path = next ? `/api/stories?limit=100&before=${next}` : undefined;
}

const browser = await playwright.chromium.launch({ executablePath: chromium, args: ["--no-sandbox"] });
const paints = [];
let size = 0;
for (let round = 0; round < 9; round += 1) {
  const page = await browser.newPage();
  const answer = await page.goto(`${home}/stories/${story.id}`);
  size = (await answer.body()).length;
  paints.push(await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Infinity));
  await page.close();
}
await browser.close();
server.kill();
const sorted = [...paints].sort((x, y) => x - y).map((paint) => Math.round(paint));
console.log(`${story.articles} articles, ${(size / 1e6).toFixed(1)} MB: first paint ${Math.round(paints[0])} ms at first, then ${sorted[4]} ms (median; ${sorted[0]} to ${sorted[8]})`);
