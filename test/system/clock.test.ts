import { describe, expect, it } from 'vitest';
import { type Clock, ClockError } from '../../src/platform/clock.ts';
import { localTimeOf, setLocalTime } from '../../src/system/clock.ts';

/** A clock of New York in 2026, whose summer time is from 8 March, 07:00Z to 1 November, 06:00Z. */
function clockAt(time: string): Clock & { readonly instant: () => string } {
  let instant = Date.parse(time) / 1000;
  return {
    now: () => instant,
    monotonic: () => 0,
    offsetAt: (at) => (at >= Date.UTC(2026, 2, 8, 7) / 1000 && at < Date.UTC(2026, 10, 1, 6) / 1000 ? -14_400 : -18_000),
    zone: () => 'America/New_York',
    set: (to) => {
      instant = to;
    },
    sleep: () => Promise.resolve(),
    instant: () => new Date(instant * 1000).toISOString(),
  };
}

describe('/system/clock', () => {
  it('shows local time with zone and offset', () => {
    expect(localTimeOf(clockAt('2026-01-01T03:04:05Z'))).toEqual({
      date: '2025-12-31',
      time: '22:04:05',
      zone: 'America/New_York',
      offset: '-05:00',
    });
    expect(localTimeOf(clockAt('2026-07-01T03:04:05Z'))).toMatchObject({ date: '2026-06-30', time: '23:04:05', offset: '-04:00' });
  });

  it.each([
    ['2026-01-01', '00:00:00', '2026-01-01T05:00:00.000Z'],
    ['2026-07-01', '12:30', '2026-07-01T16:30:00.000Z'],
    ['2026-03-08', '01:59:59', '2026-03-08T06:59:59.000Z'],
    ['2026-03-08', '03:00:00', '2026-03-08T07:00:00.000Z'],
    ['2026-11-01', '02:00:00', '2026-11-01T07:00:00.000Z'],
    ['2028-02-29', '23:59:59', '2028-03-01T04:59:59.000Z'],
  ])('is set to the local time %s %s', (date, time, instant) => {
    const clock = clockAt('2026-01-01T00:00:00Z');
    setLocalTime(clock, { date, time });
    expect(clock.instant()).toBe(instant);
    expect(localTimeOf(clock)).toMatchObject({ date, time: expect.stringContaining(time) });
  });

  it('keeps what is not given', () => {
    const clock = clockAt('2026-06-15T12:00:00Z');
    setLocalTime(clock, { date: '2026-06-16' });
    expect(clock.instant()).toBe('2026-06-16T12:00:00.000Z');
    setLocalTime(clock, { time: '09:00:01' });
    expect(clock.instant()).toBe('2026-06-16T13:00:01.000Z');
  });

  it.each([
    { date: '2026-02-29' },
    { date: '2026-13-01' },
    { date: 'jan/01/2026' },
    { date: '' },
    { time: '24:00' },
    { time: '9:00' },
    { time: '10:60:00' },
    { time: 'noon' },
  ])('refuses %j', (given) => {
    const clock = clockAt('2026-06-15T12:00:00Z');
    expect(() => setLocalTime(clock, given)).toThrow(expect.objectContaining({ name: 'SystemError', code: 'bad-value' }));
    expect(clock.instant()).toBe('2026-06-15T12:00:00.000Z');
  });

  it('tells that this process may not set it', () => {
    const set = () => {
      throw new ClockError('not this process');
    };
    expect(() => setLocalTime({ ...clockAt('2026-06-15T12:00:00Z'), set }, { time: '09:00:01' })).toThrow(
      expect.objectContaining({ name: 'SystemError', code: 'not-permitted' }),
    );
  });
});
