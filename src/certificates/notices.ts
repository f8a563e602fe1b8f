import { localDateTime } from '../platform/clock.ts';
import { dueNotice, noticeHorizon } from './expiry.ts';
import type { Context } from './ports.ts';

/** Logs, once each, that certificates come to their end. Writes to the store only when it says something. */
export function giveNotices({ store, clock, log }: Context): void {
  const now = clock.now();
  const due = store.certificates.endingBetween(now, noticeHorizon(now)).flatMap((item) => {
    const end = item.contents?.invalidAfter;
    const days = end === undefined ? undefined : dueNotice(end, now, item.noticedDays);
    return end === undefined || days === undefined ? [] : [{ item, end, days }];
  });
  if (due.length === 0) return;
  store.transact(() => {
    for (const { item, days } of due) store.certificates.setNoticed(item.id, days);
  });
  for (const { item, end, days } of due) {
    log(
      'warning',
      ['certificate'],
      `${item.name} expires on ${localDateTime(end, clock)}, in less than ${days === 1 ? 'a day' : `${days} days`}`,
    );
  }
}
