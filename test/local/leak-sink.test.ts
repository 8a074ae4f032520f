import { expect, it } from 'vitest';
import { createLeakSink } from '../../src/local/leak-sink.ts';
import { marked } from '../support/marked.ts';

it('a sink that watches for only so many values forgets those that were named longest ago', () => {
  const sink = createLeakSink({ watchesMost: 2 });
  sink.watch('code', marked.otp);
  sink.watch('number', marked.phone);
  sink.watch('code', marked.otp);
  sink.watch('code', marked.otherOtp);
  expect(() => sink.check(`to ${marked.phone}`)).not.toThrow();
  for (const code of [marked.otp, marked.otherOtp]) expect(() => sink.check(`it is ${code}`)).toThrow('holds a code');
});
