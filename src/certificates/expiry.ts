import type { Instant } from '../platform/clock.ts';

/** How many days before its end a certificate is spoken of in the log. */
export const noticeDays = [28, 14, 7, 3, 1] as const;

const day = 86_400;

/** The time before which an end is spoken of. */
export function noticeHorizon(now: Instant): Instant {
  return now + Math.max(...noticeDays) * day;
}

/**
 * The notice that is due for a certificate that ends at `invalidAfter`, when the least already given was `noticed`: one of
 * `noticeDays`, or undefined. After a time without notices only the last one is due.
 */
export function dueNotice(invalidAfter: Instant, now: Instant, noticed: number | undefined): number | undefined {
  if (invalidAfter < now) return undefined;
  const reached = noticeDays.filter((days) => invalidAfter - now < days * day);
  const due = reached.length === 0 ? undefined : Math.min(...reached);
  return due !== undefined && (noticed === undefined || due < noticed) ? due : undefined;
}
