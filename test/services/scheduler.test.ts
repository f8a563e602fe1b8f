import { describe, expect, it, onTestFinished } from 'vitest';
import { CrlIssuer } from '../../src/crl/issue.ts';
import type { Instant } from '../../src/platform/clock.ts';
import { NodeRandom } from '../../src/platform/node/random.ts';
import { CrlWork } from '../../src/services/crls.ts';
import { Notices } from '../../src/services/notices.ts';
import { Scheduler, type Work } from '../../src/services/scheduler.ts';
import { decodeCrl } from '../../src/x509/crl.ts';
import { day, noon, Router } from '../certificates/router.ts';
import { FakeClock } from './fake-clock.ts';

/** Something that is to be done each `interval` seconds, and what became of it. */
class Chore implements Work {
  readonly name = 'chore';
  readonly topics = ['test'];
  atAnyTime = false;
  at: Instant | undefined;
  /** When it was done. */
  readonly done: Instant[] = [];
  fails: string | undefined;
  readonly #clock: FakeClock;
  readonly #interval: number;

  constructor(clock: FakeClock, interval: number) {
    this.#clock = clock;
    this.#interval = interval;
    this.at = clock.now();
  }

  due(): ReadonlyMap<string, Instant> {
    return new Map(this.at === undefined ? [] : [['x', this.at]]);
  }

  async run(): Promise<void> {
    this.done.push(this.#clock.now());
    if (this.fails !== undefined) throw new Error(this.fails);
    this.at = this.#clock.now() + this.#interval;
  }
}

function started(interval = 3600) {
  const clock = new FakeClock(noon);
  const chore = new Chore(clock, interval);
  const log: string[] = [];
  const state = { isBelievable: true, ask: (): boolean => state.isBelievable };
  const scheduler = new Scheduler(
    {
      clock,
      random: new NodeRandom(),
      isBelievable: () => state.ask(),
      log: (severity, _, message) => log.push(`${severity}: ${message}`),
    },
    [chore],
  );
  const end = scheduler.run();
  onTestFinished(async () => {
    scheduler.stop();
    await end;
  });
  return { clock, chore, log, state, scheduler };
}

describe('a scheduler', () => {
  it('does what is due, when it is due', async () => {
    const { clock, chore } = started();
    await clock.pass(7300);
    expect(chore.done).toEqual([noon, noon + 3600, noon + 7200]);
  });

  it('hears at once that something else is due', async () => {
    const { clock, chore, scheduler } = started();
    await clock.pass(10);
    chore.at = clock.now();
    scheduler.changed();
    await clock.pass(0);
    expect(chore.done).toEqual([noon, noon + 10]);
  });

  it('does nothing twice at the same time', async () => {
    const { clock, chore, scheduler } = started();
    await clock.pass(10);
    let finish: () => void = () => undefined;
    let runs = 0;
    chore.run = () => {
      runs++;
      return new Promise((resolve) => {
        finish = resolve;
      });
    };
    chore.at = 0;
    for (let change = 0; change < 3; change++) {
      scheduler.changed();
      await clock.pass(100);
    }
    expect(runs).toBe(1);
    finish();
  });

  it('tries what failed again, later each time, and says the same only once', async () => {
    const { clock, chore, log } = started();
    chore.fails = 'no room left';
    await clock.pass(day);
    const trials = chore.done.slice(1);
    const waits = trials.slice(1).map((at, i) => at - (trials[i] ?? 0));
    expect(waits[0]).toBeGreaterThanOrEqual(45);
    expect(waits[0]).toBeLessThanOrEqual(76);
    expect(waits[1]).toBeGreaterThanOrEqual(90);
    expect(Math.max(...waits)).toBeLessThanOrEqual(4501);
    expect(chore.done.length).toBeGreaterThan(20);
    expect(log).toEqual(['error: chore: no room left']);
    chore.fails = undefined;
    await clock.pass(4600);
    const before = chore.done.length;
    await clock.pass(3600);
    expect(chore.done.length).toBe(before + 1);
  });

  it('waits for a clock that can be right', async () => {
    const { clock, chore, state, scheduler } = started();
    state.isBelievable = false;
    await clock.pass(2 * day);
    expect(chore.done).toEqual([noon]);
    state.isBelievable = true;
    scheduler.changed();
    await clock.pass(0);
    expect(chore.done).toHaveLength(2);
  });

  it('notices within a minute that the clock was set, on or back', async () => {
    const { clock, chore } = started(30 * day);
    await clock.pass(100);
    clock.set(noon + 31 * day);
    await clock.pass(61);
    expect(chore.done).toHaveLength(2);
    clock.set(noon);
    chore.at = noon + 120;
    await clock.pass(200);
    expect(chore.done).toHaveLength(3);
  });

  it('notices when the clock has come to a time that can be right by itself', async () => {
    const { clock, chore, state } = started();
    state.isBelievable = false;
    await clock.pass(2 * 3600);
    expect(chore.done).toEqual([noon]);
    state.isBelievable = true;
    await clock.pass(61);
    expect(chore.done).toHaveLength(2);
  });

  it('goes on when it can not be told whether the clock is right', async () => {
    const { clock, chore, state } = started();
    await clock.pass(10);
    state.ask = () => {
      throw new Error('the store can not be read');
    };
    await clock.pass(3700);
    expect(chore.done).toHaveLength(1);
    state.ask = () => true;
    await clock.pass(61);
    expect(chore.done).toHaveLength(2);
  });

  it('goes on when one of the works can not say what is due', async () => {
    const { clock, chore, log, scheduler } = started();
    scheduler.add({
      name: 'broken',
      topics: ['test'],
      atAnyTime: true,
      due: () => {
        throw new Error('the store can not be read');
      },
      run: () => Promise.resolve(),
    });
    await clock.pass(7300);
    expect(chore.done).toHaveLength(3);
    expect(log).toEqual(['error: broken: the store can not be read']);
  });
});

it('over 24 months a CA always has a good CRL, and each notice is given once', async () => {
  const router = await Router.start();
  await router.newCa('root', { daysValid: 800 }, { caCrlHosts: ['crl.example'] });
  await router.issue('server', 'root', { daysValid: 365 });
  const clock = new FakeClock(noon);
  const log: string[] = [];
  const say = (_severity: unknown, _topics: unknown, message: string): void => void log.push(message);
  const issuer = new CrlIssuer({ store: router.store, clock, crypto: router.crypto, builtAt: noon - day, log: say });
  let making = 0;
  const isBusy = (): boolean => making > 0;
  const crls = new CrlWork(issuer);
  const work: Work = {
    name: crls.name,
    topics: crls.topics,
    atAnyTime: crls.atAnyTime,
    due: () => crls.due(),
    async run(key) {
      making++;
      await crls.run(key).finally(() => making--);
    },
  };
  router.log.length = 0;
  const scheduler = new Scheduler({ clock, random: new NodeRandom(), isBelievable: () => true, log: say }, [
    work,
    new Notices(clock, () => {
      router.clock.time = clock.now();
      router.certificates.notices();
    }),
  ]);
  router.store.onChange(() => scheduler.changed());
  const end = scheduler.run();
  const numbers = new Set<number>();
  for (let month = 0; month < 24; month++) {
    for (let part = 0; part < 30; part++) {
      await clock.pass(day, isBusy);
      const crl = router.store.issuedCrls.of(router.contents('root').publicKeyId);
      expect(crl?.nextUpdate).toBeGreaterThan(clock.now());
      numbers.add(crl?.number ?? 0);
    }
  }
  scheduler.stop();
  await end;
  expect(numbers.size).toBe(720);
  expect([...numbers]).toEqual([...numbers].toSorted((a, b) => a - b));
  expect(decodeCrl(router.store.issuedCrls.of(router.contents('root').publicKeyId)?.der ?? new Uint8Array()).thisUpdate).toBeGreaterThan(
    noon + 719 * day,
  );
  expect(log).toEqual([]);
  expect(router.log.filter((line) => line.includes('server expires'))).toHaveLength(5);
});
