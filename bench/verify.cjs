// The floor under the authorizer: one bare RS256 verification. argv: number of calls, file with {token, jwk}.
const { createPublicKey, verify } = require('node:crypto');
const { readFileSync } = require('node:fs');
const [, , calls, file] = process.argv;
const { token, jwk } = JSON.parse(readFileSync(file, 'utf8'));
const key = createPublicKey({ key: jwk, format: 'jwk' });
const [head, body, signature] = token.split('.');
const data = Buffer.from(`${head}.${body}`);
const bytes = Buffer.from(signature, 'base64url');
const took = [];
for (let call = 0; call < Number(calls); call += 1) {
  const at = performance.now();
  if (!verify('RSA-SHA256', data, key, bytes)) throw new Error('the signature does not hold');
  took.push(performance.now() - at);
}
took.sort((a, b) => a - b);
const quantile = (q) => took[Math.min(took.length - 1, Math.floor(took.length * q))];
process.stdout.write(
  `${JSON.stringify({ load: 0, first: 0, cold: 0, p50: quantile(0.5), p99: quantile(0.99), rssMb: 0 })}\n`,
);
