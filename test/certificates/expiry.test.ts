import { describe, expect, it } from 'vitest';
import { dueNotice } from '../../src/certificates/expiry.ts';
import { day, noon, Router } from './router.ts';

describe('the notice due', () => {
  const cases: [left: number, noticed: number | undefined, due: number | undefined][] = [
    [28 * day, undefined, undefined],
    [28 * day - 1, undefined, 28],
    [28 * day - 1, 28, undefined],
    [14 * day - 1, 28, 14],
    [7 * day, 14, undefined],
    [6 * day, 14, 7],
    [2 * day, undefined, 3],
    [1, 3, 1],
    [0, 1, undefined],
    [-1, undefined, undefined],
  ];

  it.each(cases)('with %i seconds left after that of %j days is that of %j days', (left, noticed, due) => {
    expect(dueNotice(noon + left, noon, noticed)).toBe(due);
  });
});

describe('notices', () => {
  it('speak of each certificate once at 28, 14, 7, 3 and 1 days', async () => {
    const router = await Router.start();
    await router.newCa('root', { daysValid: 40 });
    const said: [day: number, message: string][] = [];
    for (let passed = 0; passed < 45; passed += 0.5) {
      router.clock.time = noon + passed * day;
      router.log.length = 0;
      router.certificates.notices();
      said.push(...router.log.map((message): [number, string] => [passed, message]));
    }
    expect(said).toEqual([
      [12.5, 'certificate warning: root expires on 2027-01-02 12:00:00, in less than 28 days'],
      [26.5, 'certificate warning: root expires on 2027-01-02 12:00:00, in less than 14 days'],
      [33.5, 'certificate warning: root expires on 2027-01-02 12:00:00, in less than 7 days'],
      [37.5, 'certificate warning: root expires on 2027-01-02 12:00:00, in less than 3 days'],
      [39.5, 'certificate warning: root expires on 2027-01-02 12:00:00, in less than a day'],
    ]);
  });

  it('say only the last after a time in which the router was off', async () => {
    const router = await Router.start();
    await router.newCa('root', { daysValid: 40 });
    router.clock.time += 38 * day;
    router.certificates.notices();
    router.certificates.notices();
    expect(router.log).toEqual(['certificate warning: root expires on 2027-01-02 12:00:00, in less than 3 days']);
  });

  it('do not speak of templates, of the revoked and of the expired', async () => {
    const router = await Router.start();
    router.add({ name: 'template', daysValid: 5 });
    await router.newCa('root', { daysValid: 100 });
    await router.issue('gone', 'root', { daysValid: 5 });
    await router.issue('revoked', 'root', { daysValid: 20 });
    router.certificates.revoke([router.item('revoked').id]);
    router.clock.time += 6 * day;
    router.certificates.notices();
    expect(router.log).toEqual([]);
  });
});
