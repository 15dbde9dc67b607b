// How soon a story's page is seen: node evals/paint.mjs PROGRAM DATABASE [ARTICLES]
//
// Serves an archive that is there, opens the page of its largest story of ARTICLES articles at most (50 where not said) nine times
// in a new window each, and prints when its first words were painted. Needs what `evals/browser.mjs` needs; without that it says
// so and ends well.
import { browserWith, serve } from "./serving.mjs";

const [program, database, most = "50"] = process.argv.slice(2);
const { chromium, require } = browserWith("playwright-core");
const playwright = require("playwright-core");
const { server, home } = await serve(program, database);

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
