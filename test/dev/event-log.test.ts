import { describe, expect, it } from 'vitest';
import { createEventLog } from '../../src/dev/event-log.ts';
import type { Delivery, DevEvent } from '../../src/dev/events.ts';

const delivery = (id: string): Delivery => ({
  id,
  at: 0,
  from: 'page',
  status: 200,
  steps: [],
  verdict: { codeTakenForSent: true, reason: 'sent' },
  tookMs: 1,
  budgetMs: 3000,
});
const delivered = (id: string): DevEvent => ({ type: 'delivery', delivery: delivery(id) });
const cold: DevEvent = { type: 'cold', why: 'it is winter' };

describe('what has happened', () => {
  it('is told to those who are there, in order and with its number', () => {
    const log = createEventLog();
    const told: unknown[] = [];
    const stop = log.listen((event, number) => told.push([event.type, number]));
    log.add(cold);
    log.add(delivered('a'));
    stop();
    log.add(cold);
    expect(told).toEqual([
      ['cold', 1],
      ['delivery', 2],
    ]);
  });

  it('is told twice to who listens twice, and once after one of them has stopped', () => {
    const log = createEventLog();
    const told: string[] = [];
    const listener = ({ type }: DevEvent) => told.push(type);
    const stop = log.listen(listener);
    log.listen(listener);
    log.add(cold);
    stop();
    log.add(cold);
    expect(told).toHaveLength(3);
  });

  it('is kept for who comes later: deliveries and messages, the last thousand of each', () => {
    const log = createEventLog();
    for (let count = 1; count <= 1_001; count += 1) log.add(delivered(`${count}`));
    expect(log.deliveries()).toHaveLength(1_000);
    expect(log.deliveries()[0]?.id).toBe('2');
    expect(log.deliveries().at(-1)?.id).toBe('1001');
    expect(log.messages()).toEqual([]);
  });
});

describe('whoever comes back', () => {
  it('gets what they have missed, and nothing again', () => {
    const log = createEventLog();
    expect([log.newest(), log.since(0)]).toEqual([0, []]);
    for (const id of ['a', 'b', 'c']) log.add(delivered(id));
    expect(log.newest()).toBe(3);
    expect(log.since(1)).toEqual([
      { number: 2, event: delivered('b') },
      { number: 3, event: delivered('c') },
    ]);
    expect(log.since(3)).toEqual([]);
  });

  it('is told nothing where something of it is forgotten, or never was', () => {
    const log = createEventLog();
    for (let count = 1; count <= 1_002; count += 1) log.add(cold);
    expect(log.since(2)).toHaveLength(1_000);
    expect(log.since(1)).toBeUndefined();
    expect(log.since(1_003)).toBeUndefined();
  });
});
