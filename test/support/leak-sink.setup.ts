import fc from 'fast-check';
import { afterAll } from 'vitest';
import { createLeakSink } from '../../src/local/leak-sink.ts';
import { marked } from './marked.ts';

// The same examples in every run: what fails here fails at everybody's. Another seed tries others.
fc.configureGlobal({ seed: Number(process.env['PROPERTY_SEED'] ?? 1) });

// Every test runs under this sink: what is written to stdout or stderr must hold none of the marked secrets.
const sink = createLeakSink();
sink.watch('code', marked.otp);
sink.watch('code', marked.otherOtp);
sink.watch('number', marked.phone);
sink.watch('number', marked.otherPhone);
sink.watch('number', marked.landline);
sink.watch('name', marked.firstName);

const restore = [process.stdout, process.stderr].map((stream) => {
  const write = stream.write.bind(stream);
  stream.write = ((chunk: string | Uint8Array, ...rest: never[]) => {
    sink.check(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
    return write(chunk, ...rest);
  }) as typeof stream.write;
  return () => {
    stream.write = write;
  };
});

afterAll(() => {
  for (const undo of restore) undo();
});
