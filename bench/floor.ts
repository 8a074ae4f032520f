import { createHash, createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

// The floor under the sender: the same number of hand-signed POSTs as it makes, in the same order and side by side where
// it does, plus one parse of a telephone number – and nothing else. What the sender costs beyond this is its own.

const agent = new Agent({ keepAlive: true });
const url = new URL(process.env['BENCH_URL'] ?? '');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function post(service: string, target: string, payload: object): Promise<unknown> {
  const body = JSON.stringify(payload);
  const time = `${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const scope = `${time.slice(0, 8)}/us-east-1/${service}/aws4_request`;
  const headers = `content-type:application/x-amz-json-1.0\nhost:${url.host}\nx-amz-date:${time}\nx-amz-target:${target}\n`;
  const names = 'content-type;host;x-amz-date;x-amz-target';
  const canonical = `POST\n/\n\n${headers}\n${names}\n${sha256(body)}`;
  const key = hmac(hmac(hmac(hmac('AWS4local', time.slice(0, 8)), 'us-east-1'), service), 'aws4_request');
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`).toString('hex');
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-date': time,
          'x-amz-target': target,
          authorization: `AWS4-HMAC-SHA256 Credential=local/${scope}, SignedHeaders=${names}, Signature=${signature}`,
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

let first = true;
const ledger = process.env['BENCH_LEDGER'] === 'true';

export async function handler(event: { readonly body: string }): Promise<unknown> {
  const { data } = JSON.parse(event.body);
  const to = parsePhoneNumberFromString(data.messageProfile.phoneNumber)?.number;
  const before: Promise<unknown>[] = [];
  if (first) {
    before.push(
      post('dynamodb', 'DynamoDB_20120810.GetItem', {}).then(() => post('dynamodb', 'DynamoDB_20120810.Query', {})),
    );
  }
  first = false;
  if (ledger) before.push(post('dynamodb', 'DynamoDB_20120810.PutItem', {}));
  await Promise.all(before);
  await post('sms-voice', 'PinpointSMSVoiceV2.SendTextMessage', { DestinationPhoneNumber: to, MessageBody: 'x' });
  if (ledger) await post('dynamodb', 'DynamoDB_20120810.PutItem', {});
  return { statusCode: 200, body: '{}' };
}
