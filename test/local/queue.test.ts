import type { QueueAttributeName } from '@aws-sdk/client-sqs';
import {
  BatchEntryIdsNotDistinct,
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  EmptyBatchRequest,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  InvalidAttributeName,
  MessageNotInflight,
  PurgeQueueCommand,
  PurgeQueueInProgress,
  QueueDoesNotExist,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  TooManyEntriesInBatchRequest,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { QueueServer } from '../../src/local/queue.ts';
import { createQueueServer } from '../../src/local/queue.ts';
import type { RunningServer } from '../../src/local/serve.ts';
import { serve } from '../../src/local/serve.ts';

let nowMs: number;
let server: QueueServer;
let running: RunningServer;
let client: SQSClient;
let QueueUrl: string;

beforeEach(async () => {
  nowMs = Date.UTC(2026, 0, 15, 12);
  server = createQueueServer({ now: () => nowMs, queueNames: ['failures', 'other'] });
  running = await serve(server.serve);
  client = new SQSClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    maxAttempts: 1,
    endpoint: running.url,
  });
  QueueUrl = server.queueUrlAt(running.url, 'failures');
});

afterEach(async () => {
  client.destroy();
  await running.close();
});

const send = (MessageBody: string, options = {}) =>
  client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...options }));

const receive = async (options = {}) =>
  (await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...options }))).Messages ?? [];

const bodies = async (options = {}) => (await receive(options)).map(({ Body }) => Body);

const remove = (ReceiptHandle: string | undefined) =>
  client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));

const counts = async () => {
  const AttributeNames = [
    'ApproximateNumberOfMessages',
    'ApproximateNumberOfMessagesNotVisible',
    'ApproximateNumberOfMessagesDelayed',
  ] as const;
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] }),
  );
  return AttributeNames.map((name) => Attributes?.[name]).join(' ');
};

describe('a queue', () => {
  it('gives a message back with the checksum that the SDK checks', async () => {
    const sent = await send('{"cause":"ünreachable"}');
    const [message] = await receive();
    expect(message).toMatchObject({ MessageId: sent.MessageId, Body: '{"cause":"ünreachable"}' });
    expect(message?.MD5OfBody).toBe(sent.MD5OfMessageBody);
    expect(message?.Attributes).toBeUndefined();
  });

  it('gives nothing when it is empty', async () => {
    expect(await receive()).toEqual([]);
  });

  it('gives one message unless asked for more, and at most ten', async () => {
    for (let index = 0; index < 12; index += 1) await send(`${index}`);
    expect(await bodies({ MaxNumberOfMessages: undefined })).toEqual(['0']);
    expect(await bodies()).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
  });

  it.each([0, 11, -1])('refuses to give %i messages', async (MaxNumberOfMessages) => {
    await expect(receive({ MaxNumberOfMessages })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: `Value ${MaxNumberOfMessages} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.`,
    });
  });

  it.each([
    ['VisibilityTimeout', 43_201],
    ['VisibilityTimeout', -1],
    ['WaitTimeSeconds', 21],
  ])('refuses to receive with a %s of %i', async (name, value) => {
    await send('kept');
    await expect(receive({ [name]: value })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining(`Value ${value} for parameter ${name} is invalid`),
    });
    expect(await bodies({ VisibilityTimeout: 43_200, WaitTimeSeconds: 20 })).toEqual(['kept']);
  });

  it('refuses to delay a message by more than a quarter of an hour', async () => {
    await expect(send('late', { DelaySeconds: 901 })).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await send('late', { DelaySeconds: 900 });
    expect(server.messages('failures')).toHaveLength(1);
  });

  it('hides a message until its visibility timeout is over', async () => {
    await send('once');
    expect(await bodies()).toEqual(['once']);
    nowMs += 29_999;
    expect(await bodies()).toEqual([]);
    nowMs += 1;
    const [again] = await receive({ MessageSystemAttributeNames: ['All'] });
    expect(again?.Attributes).toEqual({
      SentTimestamp: `${nowMs - 30_000}`,
      ApproximateReceiveCount: '2',
      ApproximateFirstReceiveTimestamp: `${nowMs - 30_000}`,
    });
  });

  it('hides a message for as long as the receiver asks', async () => {
    await send('peeked');
    expect(await bodies({ VisibilityTimeout: 0 })).toEqual(['peeked']);
    expect(await bodies({ VisibilityTimeout: 60 })).toEqual(['peeked']);
    nowMs += 59_999;
    expect(await bodies()).toEqual([]);
  });

  it('holds a delayed message back', async () => {
    await send('later', { DelaySeconds: 5 });
    expect(await bodies()).toEqual([]);
    expect(await counts()).toBe('0 0 1');
    nowMs += 5_000;
    expect(await bodies()).toEqual(['later']);
  });

  it('counts what is visible and what is in flight', async () => {
    await send('one');
    await send('two');
    expect(await counts()).toBe('2 0 0');
    await receive({ MaxNumberOfMessages: 1 });
    expect(await counts()).toBe('1 1 0');
  });

  it('tells the attributes that it is asked for', async () => {
    const ask = (...AttributeNames: QueueAttributeName[]) =>
      client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
    expect((await ask('All')).Attributes).toMatchObject({
      QueueArn: 'arn:aws:sqs:us-east-1:000000000000:failures',
      CreatedTimestamp: `${nowMs / 1000}`,
      VisibilityTimeout: '30',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
    });
    expect((await ask('QueueArn')).Attributes).toEqual({ QueueArn: 'arn:aws:sqs:us-east-1:000000000000:failures' });
    expect((await ask()).Attributes).toBeUndefined();
    await expect(ask('Policy')).rejects.toBeInstanceOf(InvalidAttributeName);
  });

  it('forgets a deleted message, and takes its deletion twice', async () => {
    await send('done');
    const [message] = await receive();
    await remove(message?.ReceiptHandle);
    expect(server.messages('failures')).toEqual([]);
    await expect(remove(message?.ReceiptHandle)).resolves.toMatchObject({ $metadata: { httpStatusCode: 200 } });
  });

  it('keeps a message that was received again since the handle was given', async () => {
    await send('contended');
    const [stale] = await receive({ VisibilityTimeout: 0 });
    const [latest] = await receive({ VisibilityTimeout: 0 });
    await remove(stale?.ReceiptHandle);
    expect(await bodies({ VisibilityTimeout: 0 })).toEqual(['contended']);
    expect(latest?.ReceiptHandle).not.toBe(stale?.ReceiptHandle);
  });

  it('refuses a receipt handle that it never gave', async () => {
    await expect(remove('made up')).rejects.toBeInstanceOf(ReceiptHandleIsInvalid);
  });

  it('drops a message after four days', async () => {
    await send('old');
    nowMs += 4 * 86_400_000 - 1;
    expect(server.messages('failures').map(({ body }) => body)).toEqual(['old']);
    nowMs += 1;
    expect(server.messages('failures')).toEqual([]);
  });

  it('is purged once a minute', async () => {
    await send('gone');
    await client.send(new PurgeQueueCommand({ QueueUrl }));
    expect(server.messages('failures')).toEqual([]);
    await send('stays');
    nowMs += 59_999;
    await expect(client.send(new PurgeQueueCommand({ QueueUrl }))).rejects.toBeInstanceOf(PurgeQueueInProgress);
    expect(server.messages('failures').map(({ body }) => body)).toEqual(['stays']);
    nowMs += 1;
    await client.send(new PurgeQueueCommand({ QueueUrl }));
    expect(server.messages('failures')).toEqual([]);
  });

  it('takes a message of 1 MiB, counted in bytes, and none that is larger', async () => {
    await send('é'.repeat(524_288));
    await expect(send(`${'é'.repeat(524_288)}x`)).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: 'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
    });
    expect(server.messages('failures')).toHaveLength(1);
  });

  it('refuses a message without a body', async () => {
    await expect(send('')).rejects.toMatchObject({
      name: 'MissingParameter',
      message: 'The request must contain the parameter MessageBody.',
    });
  });

  it('does not mix its messages with those of another queue', async () => {
    await send('mine');
    const other = server.queueUrlAt(running.url, 'other');
    expect((await client.send(new ReceiveMessageCommand({ QueueUrl: other }))).Messages).toBeUndefined();
    expect(server.messages('other')).toEqual([]);
  });
});

describe('the visibility of a received message', () => {
  const change = (ReceiptHandle: string | undefined, VisibilityTimeout: number) =>
    client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }));

  it('ends at once when it is given back', async () => {
    await send('borrowed');
    const [message] = await receive();
    expect(await bodies()).toEqual([]);
    await change(message?.ReceiptHandle, 0);
    expect(await counts()).toBe('1 0 0');
    expect(await bodies()).toEqual(['borrowed']);
  });

  it('can be put off, counted from the change', async () => {
    await send('slow');
    const [message] = await receive();
    nowMs += 20_000;
    await change(message?.ReceiptHandle, 60);
    nowMs += 59_999;
    expect(await bodies()).toEqual([]);
    nowMs += 1;
    expect(await bodies()).toEqual(['slow']);
  });

  it.each([-1, 43_201])('cannot be %i seconds', async (seconds) => {
    await send('kept');
    const [message] = await receive();
    await expect(change(message?.ReceiptHandle, seconds)).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('VisibilityTimeout'),
    });
    expect(await counts()).toBe('0 1 0');
  });

  it('cannot be changed once nobody holds it', async () => {
    await send('back');
    const [message] = await receive();
    nowMs += 30_000;
    await expect(change(message?.ReceiptHandle, 0)).rejects.toBeInstanceOf(MessageNotInflight);
  });

  it('cannot be changed by who no longer has it, or by a handle that was never given', async () => {
    await send('contended');
    const [stale] = await receive({ VisibilityTimeout: 0 });
    const [latest] = await receive();
    await expect(change(stale?.ReceiptHandle, 0)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    await expect(change('made up', 0)).rejects.toBeInstanceOf(ReceiptHandleIsInvalid);
    await remove(latest?.ReceiptHandle);
    await expect(change(latest?.ReceiptHandle, 0)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('has to be named', async () => {
    const body = JSON.stringify({ QueueUrl, ReceiptHandle: 'x' });
    const response = await call({ target: 'AmazonSQS.ChangeMessageVisibility', body });
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('VisibilityTimeout') });
  });

  describe('of several at once', () => {
    const changeAll = (handles: readonly (string | undefined)[], seconds = 0, id = (index: number) => `${index}`) =>
      client.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl,
          Entries: handles.map((ReceiptHandle, index) => ({
            Id: id(index),
            ReceiptHandle,
            VisibilityTimeout: seconds,
          })),
        }),
      );

    it('ends for those that it can end for, and tells which it could not', async () => {
      await send('one');
      await send('two');
      const [one, two] = await receive();
      const { Successful, Failed } = await changeAll([one?.ReceiptHandle, 'made up', two?.ReceiptHandle]);
      expect(Successful).toEqual([{ Id: '0' }, { Id: '2' }]);
      expect(Failed).toMatchObject([{ Id: '1', SenderFault: true, Code: 'ReceiptHandleIsInvalid' }]);
      expect(await counts()).toBe('2 0 0');
    });

    it('refuses each that is out of range', async () => {
      await send('one');
      const [one] = await receive();
      const { Successful = [], Failed } = await changeAll([one?.ReceiptHandle], 43_201);
      expect(Successful).toEqual([]);
      expect(Failed).toMatchObject([{ Id: '0', Code: 'InvalidParameterValue' }]);
      expect(await counts()).toBe('0 1 0');
    });

    it('refuses none, more than ten, and two of one name', async () => {
      await expect(changeAll([])).rejects.toBeInstanceOf(EmptyBatchRequest);
      await expect(changeAll(Array.from({ length: 11 }, () => 'x'))).rejects.toBeInstanceOf(
        TooManyEntriesInBatchRequest,
      );
      await expect(changeAll(['x', 'y'], 0, () => 'same')).rejects.toBeInstanceOf(BatchEntryIdsNotDistinct);
    });
  });
});

describe('the queue server', () => {
  it('knows the URL of a queue by its name', async () => {
    const found = await client.send(new GetQueueUrlCommand({ QueueName: 'failures' }));
    expect(found.QueueUrl).toBe(QueueUrl);
  });

  it('says so when a queue does not exist', async () => {
    const missing = new GetQueueUrlCommand({ QueueName: 'missing' });
    await expect(client.send(missing)).rejects.toBeInstanceOf(QueueDoesNotExist);
    for (const url of [server.queueUrlAt(running.url, 'missing'), `${running.url}/111122223333/failures`]) {
      const command = new SendMessageCommand({ QueueUrl: url, MessageBody: 'lost' });
      await expect(client.send(command)).rejects.toMatchObject({
        name: 'QueueDoesNotExist',
        $metadata: { httpStatusCode: 400 },
      });
    }
  });

  it('answers an error in the shape of the JSON protocol, with the older code in a header', async () => {
    const response = await call({ queueUrl: server.queueUrlAt(running.url, 'missing') });
    expect(response.headers.get('x-amzn-query-error')).toBe('AWS.SimpleQueueService.NonExistentQueue;Sender');
    expect(await response.json()).toEqual({
      __type: 'com.amazonaws.sqs#QueueDoesNotExist',
      message: 'The specified queue does not exist.',
    });
  });

  it('refuses what it does not emulate, rather than dropping it', async () => {
    const MessageAttributes = { a: { DataType: 'String', StringValue: 'b' } };
    await expect(send('with attributes', { MessageAttributes })).rejects.toMatchObject({
      name: 'UnsupportedOperation',
    });
    expect((await call({ target: 'AmazonSQS.CreateQueue' })).status).toBe(400);
    expect(server.messages('failures')).toEqual([]);
  });

  it.each([
    ['without a signature', '', 'MissingAuthenticationToken'],
    ['with a bearer token', 'Bearer abc', 'MissingAuthenticationToken'],
    ['signed for DynamoDB', signature('dynamodb'), 'SignatureDoesNotMatch'],
  ])('refuses a request %s', async (_, authorization, code) => {
    const response = await call({ authorization });
    expect(response.status).toBe(403);
    expect(response.headers.get('x-amzn-query-error')).toBe(`${code};Sender`);
    expect(server.messages('failures')).toEqual([]);
  });

  it.each(['not JSON', '[]', 'null'])('refuses the body %s', async (body) => {
    const response = await call({ body });
    expect(await response.json()).toMatchObject({ __type: 'com.amazon.coral.service#SerializationException' });
  });

  it('answers HTTP 500 during an outage, and works again after it', async () => {
    server.setFault({ kind: 'outage' });
    await expect(send('lost')).rejects.toMatchObject({ name: 'InternalFailure', $metadata: { httpStatusCode: 500 } });
    server.setFault(undefined);
    await send('arrived');
    expect(await bodies()).toEqual(['arrived']);
  });

  it('resets connections when told to', async () => {
    server.setFault({ kind: 'reset' });
    await expect(send('lost')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(server.messages('failures')).toEqual([]);
  });
});

function signature(service: string): string {
  const credential = `AKIDEXAMPLE/20260115/us-east-1/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
}

function call({ target = 'AmazonSQS.SendMessage', authorization = signature('sqs'), queueUrl = QueueUrl, body = '' }) {
  return fetch(running.url, {
    method: 'POST',
    headers: { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.0', authorization },
    body: body === '' ? JSON.stringify({ QueueUrl: queueUrl, MessageBody: 'raw' }) : body,
  });
}
