// What the scripts that open the pages in a real browser share: finding the browser, and a server of their own.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

// Where the browser is, and what brings in the packages: those of the folder that NODE_MODULES names. Without one of them the
// script says so and ends well.
export function browserWith(...packages) {
  const chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
  const modules = process.env.NODE_MODULES ?? "node_modules";
  if (!chromium || !packages.every((name) => existsSync(join(modules, name)))) {
    console.log(`skipped: no chromium, or no ${packages.join(" and ")} in the folder that NODE_MODULES names.`);
    process.exit(0);
  }
  return { chromium, require: createRequire(resolve(modules, "x.js")) };
}

// A server of an archive, and its address once it has one.
export async function serve(program, database, ...options) {
  const server = spawn(program, ["serve", "--listen", "127.0.0.1:0", "--database", database, ...options]);
  const home = await new Promise((found, failed) => {
    let told = "";
    server.stderr.on("data", (data) => {
      told += data;
      const address = told.match(/http:\/\/[^\s/]+/);
      if (address) found(address[0]);
    });
    server.on("exit", () => failed(new Error(told)));
  });
  return { server, home };
}
