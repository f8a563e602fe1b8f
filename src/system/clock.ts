import { type Clock, ClockError, type Instant } from '../platform/clock.ts';
import { SystemError } from './errors.ts';

/** Local time as /system/clock shows it. */
export interface LocalTime {
  /** "2026-11-23" */
  readonly date: string;
  /** "20:14:03" */
  readonly time: string;
  readonly zone: string;
  /** "+02:00" */
  readonly offset: string;
}

export function localTimeOf(clock: Clock): LocalTime {
  const now = clock.now();
  const seconds = clock.offsetAt(now);
  const local = new Date((now + seconds) * 1000).toISOString();
  const minutes = Math.abs(seconds) / 60;
  const offset = `${seconds < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(Math.floor(minutes % 60))}`;
  return { date: local.slice(0, 10), time: local.slice(11, 19), zone: clock.zone(), offset };
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

/** Sets the wall clock to a local date ("2026-11-23") and time ("20:14:03"); what is left out stays. */
export function setLocalTime(clock: Clock, given: { readonly date?: string | undefined; readonly time?: string | undefined }): void {
  const current = localTimeOf(clock);
  const instant = instantOf(given.date ?? current.date, given.time ?? current.time, clock);
  try {
    clock.set(instant);
  } catch (error) {
    throw error instanceof ClockError
      ? new SystemError('not-permitted', `the clock of this machine can't be set: ${error.message}`)
      : error;
  }
}

/** The instant of a local date, and time if there is one: "2026-11-23 20:14:03", as print shows it. Throws `SystemError` `bad-value`. */
export function localInstant(text: string, clock: Clock): Instant {
  const [date = '', time = '00:00:00'] = text.split(' ', 2);
  return instantOf(date, time, clock);
}

function instantOf(date: string, time: string, clock: Clock): Instant {
  const utc = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) / 1000 : Number.NaN;
  if (Number.isNaN(utc) || new Date(utc * 1000).toISOString().slice(0, 10) !== date) {
    throw new SystemError('bad-value', 'date must be a day in the form 2026-11-23');
  }
  const clockTime = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(time);
  if (clockTime === null) throw new SystemError('bad-value', 'time must be in the form 20:14:03');
  const [, hours = '0', minutes = '0', seconds = '0'] = clockTime;
  const local = utc + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return local - clock.offsetAt(local - clock.offsetAt(local));
}
