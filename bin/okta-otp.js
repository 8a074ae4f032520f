#!/usr/bin/env node
// Plain JavaScript that any Node can read: it has to say which one is needed before anything newer is imported.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 13)) {
  process.stderr.write(
    `error: okta-otp needs Node.js 22.13 or newer, and this is ${process.versions.node}\nhint: install a newer one from https://nodejs.org, or run it with: npx --package=node@24 -- okta-otp\n`,
  );
  process.exitCode = 1;
} else {
  // Compiled code is kept between runs, which is most of what a short command takes.
  process.getBuiltinModule('node:module').enableCompileCache();
  import('../dist/cli/run.js').catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    process.stderr.write('error: okta-otp is not built\nhint: npm run build\n');
    process.exitCode = 1;
  });
}
