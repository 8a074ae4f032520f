import { createServer } from 'node:http';
import { fingerprint } from '../src/aws/catalog-table.ts';
import { simulatedCatalog } from './simulated-catalog.ts';

// AWS and Okta as fast as they can be: canned answers over plain HTTP on loopback, in a process of its own. Prints its port.

const files = simulatedCatalog(Number(process.argv[2] ?? 4)).toSorted((a, b) => (a.path < b.path ? -1 : 1));
const pointer = {
  number: { N: '1' },
  id: { S: 'bench' },
  count: { N: String(files.length) },
  sha256: { S: fingerprint(files) },
};

/** DynamoDB gives at most 1 MB a page. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html */
const pageBytes = 1_000_000;
const pages = new Map<string, string>();
let start = 0;
while (start < files.length) {
  let end = start;
  for (let size = 0; end < files.length && size < pageBytes; end += 1) size += (files[end]?.text.length ?? 0) + 60;
  const page = files
    .slice(start, end)
    .map(({ path, text }) => ({ pk: { S: 'version#bench' }, sk: { S: path }, body: { S: text } }));
  const from = start === 0 ? '' : (files[start - 1]?.path ?? '');
  const last = files[end - 1]?.path ?? '';
  pages.set(
    from,
    JSON.stringify({
      Items: page,
      Count: page.length,
      ...(end < files.length ? { LastEvaluatedKey: { pk: { S: 'version#bench' }, sk: { S: last } } } : {}),
    }),
  );
  start = end;
}
const pointerAnswer = JSON.stringify({ Item: pointer });
const keys = process.argv[3] ?? '{"keys":[]}';
let calls = 0;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const [type, body] = answerTo(request.url ?? '', String(request.headers['x-amz-target']), chunks);
    response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});

function answerTo(url: string, target: string, chunks: Buffer[]): readonly [string, string] {
  if (url === '/calls') return ['application/json', String(calls)];
  if (url.endsWith('/v1/keys')) return ['application/json', keys];
  calls += 1;
  switch (target) {
    case 'DynamoDB_20120810.GetItem':
      return ['application/x-amz-json-1.0', pointerAnswer];
    case 'DynamoDB_20120810.Query': {
      const asked: { ExclusiveStartKey?: { sk: { S: string } } } = JSON.parse(Buffer.concat(chunks).toString());
      return ['application/x-amz-json-1.0', pages.get(asked.ExclusiveStartKey?.sk.S ?? '') ?? '{}'];
    }
    case 'PinpointSMSVoiceV2.SendTextMessage':
      return ['application/x-amz-json-1.0', '{"MessageId":"00000000-0000-4000-8000-000000000000"}'];
    default:
      return ['application/x-amz-json-1.0', '{}'];
  }
}
