// Every mode of delivery, and at-least-once with retries, on a clock that only moves when told.
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from './clock.ts';
import { createEventBus, type EventMode, type SimulatorEvent } from './events.ts';

/** Lets deliveries that are under way come to their end. */
const flushed = (): Promise<void> => new Promise(setImmediate);
const event = (id: string): SimulatorEvent => ({ id, type: 'test', at: 0, body: { id } });

function setUp(mode?: EventMode, ms?: number) {
  const clock = createVirtualClock(() => 0);
  const bus = createEventBus(clock);
  const got: string[] = [];
  bus.subscribe({ id: 's', deliver: async ({ id }) => void got.push(id) });
  if (mode) bus.setMode({ mode, ...(ms === undefined ? {} : { ms }) });
  return { clock, bus, got };
}

describe('event bus', () => {
  it.each<[EventMode, string[], string[]]>([
    ['deliver', ['1', '2', '3'], ['1', '2', '3']],
    ['drop', [], []],
    ['duplicate', ['1', '1', '2', '2', '3', '3'], ['1', '1', '2', '2', '3', '3']],
    ['delay', [], ['1', '2', '3']],
    ['reorder', [], ['3', '2', '1']],
  ])('mode %s', async (mode, atOnce, afterTheHold) => {
    const { clock, bus, got } = setUp(mode, 100_000);
    for (const id of ['1', '2', '3']) bus.publish(event(id));
    // Far from the end: what is left of a hold passes on the machine's clock as well.
    await clock.advance(50_000);
    await flushed();
    expect(got).toEqual(atOnce);
    await clock.advance(50_000);
    await bus.idle();
    expect(got).toEqual(afterTheHold);
    expect(bus.report()).toMatchObject({ mode, ms: 100_000, pending: 0, published: 3, delivered: afterTheHold.length });
    clock.close();
  });

  it('lets held events go when the mode changes', async () => {
    const { clock, bus, got } = setUp('reorder', 10_000);
    bus.publish(event('1'));
    bus.publish(event('2'));
    expect(bus.report().pending).toBe(2);
    bus.setMode({ mode: 'deliver' });
    bus.publish(event('3'));
    await bus.idle();
    expect(got).toEqual(['2', '1', '3']);
    clock.close();
  });

  it('tries again until the receiver takes the event, and blocks no other', async () => {
    const clock = createVirtualClock(() => 0);
    const bus = createEventBus(clock);
    const got: string[] = [];
    bus.subscribe({
      id: 's',
      retryDelaysMs: [10, 20, 30],
      deliver: async ({ id }, attempt) => {
        got.push(`${id}#${attempt}`);
        if (id === 'bad' && attempt < 3) throw new Error('not now');
      },
    });
    bus.publish(event('bad'));
    bus.publish(event('good'));
    await flushed();
    expect(got).toEqual(['bad#1', 'good#1']);
    await clock.advance(10);
    await clock.advance(20);
    await bus.idle();
    expect(got).toEqual(['bad#1', 'good#1', 'bad#2', 'bad#3']);
    expect(bus.report()).toMatchObject({ delivered: 2, failed: 2, givenUp: 0 });
    clock.close();
  });

  it('gives up after the last attempt and says so', async () => {
    const clock = createVirtualClock(() => 0);
    const bus = createEventBus(clock);
    const lost: string[] = [];
    bus.subscribe({
      id: 's',
      retryDelaysMs: [10],
      deliver: () => Promise.reject(new Error('down')),
      gaveUp: ({ id }) => void lost.push(id),
    });
    bus.publish(event('1'));
    await flushed();
    await clock.advance(10);
    await bus.idle();
    expect(lost).toEqual(['1']);
    clock.close();
  });

  it('sends a subscriber only what it wants, and nothing after it left', async () => {
    const clock = createVirtualClock(() => 0);
    const bus = createEventBus(clock);
    const got: string[] = [];
    const leave = bus.subscribe({
      id: 's',
      wants: ({ id }) => id !== '2',
      deliver: async ({ id }) => void got.push(id),
    });
    bus.publish(event('1'));
    bus.publish(event('2'));
    await bus.idle();
    leave();
    bus.publish(event('3'));
    await bus.idle();
    expect(got).toEqual(['1']);
    clock.close();
  });
});
