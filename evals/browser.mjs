// The pages in a real browser: node evals/browser.mjs target/debug/rashomon [FOLDER FOR SCREENSHOTS]
//
// Uploads the example, reads the story's page, follows a line to its words, filters, searches, decides and takes it back, hears of a
// change while a page is read, and holds every page against axe-core's rules, at two widths, light and dark. Needs chromium, and playwright-core and
// axe-core in the folder that NODE_MODULES names (npm install playwright-core axe-core, outside of the repository); without
// them it says so and ends well.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import assert from "node:assert/strict";
import { browserWith, serve } from "./serving.mjs";

const [program = "target/debug/rashomon", shots] = process.argv.slice(2);
const { chromium, require } = browserWith("playwright-core", "axe-core");
const playwright = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

const folder = mkdtempSync(join(tmpdir(), "rashomon-browser-"));
const secret = "a secret of many letters";
writeFileSync(join(folder, "secret"), secret);
const database = join(folder, "desk.db");
const { server, home } = await serve(program, database, "--token-file", join(folder, "secret"));
const browser = await playwright.chromium.launch({ executablePath: chromium, args: ["--no-sandbox"] });
const serious = [];

async function checked(page, name) {
  for (const [width, scheme] of [[420, "light"], [1280, "light"], [420, "dark"], [1280, "dark"]]) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `${name} is ${wide} pixels too wide at ${width}`);
    const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    for (const one of found.violations.filter((v) => ["serious", "critical"].includes(v.impact))) {
      serious.push(`${name} ${width} ${scheme}: ${one.id} ${one.nodes.slice(0, 3).map((n) => n.html).join(" | ")}`);
    }
    if (shots) await page.screenshot({ path: join(shots, `${name}-${width}-${scheme}.png`), fullPage: true });
  }
}

try {
  const context = await browser.newContext({ bypassCSP: false });
  // axe is put in from outside of the page, past its policy, as an extension would.
  await context.addInitScript(axe);
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.setViewportSize({ width: 1280, height: 900 });

  await page.goto(`${home}/add`);
  await checked(page, "login");
  await page.fill("input[name=token]", secret);
  await page.click("main button");
  await page.waitForURL("**/add");
  await checked(page, "add");
  const example = "examples/ferry";
  const files = readdirSync(example).sort().map((name) => join(example, name));
  await page.setInputFiles("input[type=file]", files.slice(0, -2));
  await page.click("main button:has-text('Add')");
  await page.waitForSelector("h1:has-text('Done')", { timeout: 120_000 });
  await checked(page, "added");

  await page.goto(home);
  await checked(page, "front");
  await page.click(".teaser.lead h2 a");
  await page.waitForSelector(".matrix");
  const story = page.url();
  await checked(page, "story");
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.click(".matrix summary >> nth=0");
  await page.click(".matrix details[open] .words a.at >> nth=0");
  await page.waitForSelector("#at");
  assert.ok(await page.locator("#at").isVisible(), "the words stand on the screen");
  assert.ok(new URL(page.url()).hash === "#at");
  await checked(page, "article");

  await page.goto(story);
  await page.click(".filters summary");
  await page.click(".filters li a >> nth=0");
  await page.waitForSelector("text=Show the whole story");
  await checked(page, "filtered");

  await page.goto(home);
  await page.fill(".masthead input[type=search]", "ferry");
  await page.press(".masthead input[type=search]", "Enter");
  await page.waitForSelector(".hits mark");
  await checked(page, "search");
  for (const part of ["events", "speakers", "sources", "nothing"]) {
    await page.goto(`${home}/${part}`);
    await checked(page, part);
  }
  await page.goto(`${home}/speakers`);
  await page.click(".names a >> nth=0");
  await page.waitForSelector(".said-by");
  await checked(page, "speaker");

  // A report is left out by the user's decision, and the decision is taken back.
  const outlets = async () => (await (await fetch(`${home}/api/stories`)).json()).stories.map((row) => row.articles).sort();
  const before = await outlets();
  await page.goto(`${story}/decide`);
  await checked(page, "decide");
  await page.check("input[name=article] >> nth=0");
  await page.fill("form:has(fieldset) input[name=by]", "Lea");
  await page.click("button[value=ignore]");
  await page.waitForSelector("h1:has-text('Done')", { timeout: 60_000 });
  assert.notDeepEqual(await outlets(), before, "a report is left out");
  await page.goto(`${home}/decisions`);
  await page.waitForSelector("text=Lea, ");
  await checked(page, "decisions");
  await page.click("button:has-text('Take it back')");
  await page.waitForSelector("h1:has-text('Done')", { timeout: 60_000 });
  assert.deepEqual(await outlets(), before, "all is as it was");

  // While the story is read, another process adds what changes it.
  await page.goto(story);
  execFileSync(program, ["add", ...files.slice(-2), "--quiet", "--database", database]);
  const events = await (await fetch(`${home}/api/events`)).json();
  if (events.events.length > 0) {
    await page.waitForSelector("#news a", { timeout: 15_000 });
    await checked(page, "changed");
    await page.goto(`${home}/events`);
    await checked(page, "events-told");
  } else {
    console.log("note: what was added last changed nothing in the example's story.");
  }

  const plain = await browser.newContext({ javaScriptEnabled: false });
  const reader = await plain.newPage();
  await reader.goto(story);
  await reader.click(".filters summary");
  await reader.click(".filters li a >> nth=0");
  await reader.waitForSelector("text=Show the whole story");

  const wrong = complaints.filter((text) => !text.includes("404"));
  assert.deepEqual(wrong, [], "the browser complains");
  assert.deepEqual(serious, [], "axe-core finds serious faults");
  console.log("all is well: every page, two widths, light and dark, no serious fault.");
} finally {
  await browser.close();
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}
