// Runs in a fresh process: loads one bundle, makes its first call, then many warm ones; prints milliseconds as JSON.
// argv: bundle, number of warm calls, file with the event (its dates are set here, before the clock starts).
const { readFileSync } = require('node:fs');
const [, , bundle, warmCalls, eventFile] = process.argv;
const event = JSON.parse(readFileSync(eventFile, 'utf8'));
const fresh = (number) => {
  if (event.requestContext) event.requestContext.requestTimeEpoch = Date.now();
  if (!event.body) return event;
  const body = JSON.parse(event.body);
  body.eventId = `bench-${process.pid}-${number}`;
  body.data.messageProfile.otpExpires = new Date(Date.now() + 300_000).toISOString();
  return { ...event, body: JSON.stringify(body) };
};
// What the function prints is not part of what is measured, but writing it is.
const lines = [];
const print = process.stdout.write.bind(process.stdout);
process.stdout.write = (text) => lines.push(String(text).length);
async function run() {
  const start = performance.now();
  const { handler } = require(bundle);
  const loaded = performance.now();
  let reply = await handler(fresh(0));
  const first = performance.now();
  if (!reply.policyDocument && !(reply.statusCode === 200 && !reply.body.includes('FAILED'))) {
    throw new Error('the first call was not answered well');
  }
  const warm = [];
  for (let call = 1; call <= Number(warmCalls); call += 1) {
    const next = fresh(call);
    const at = performance.now();
    reply = await handler(next);
    warm.push(performance.now() - at);
  }
  warm.sort((a, b) => a - b);
  const quantile = (q) => warm[Math.min(warm.length - 1, Math.floor(warm.length * q))] ?? 0;
  print(
    `${JSON.stringify({
      load: loaded - start,
      first: first - loaded,
      cold: first - start,
      p50: quantile(0.5),
      p99: quantile(0.99),
      rssMb: process.memoryUsage().rss / 1_048_576,
    })}\n`,
  );
}
run()
  .catch((error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  })
  .finally(() => process.exit());
