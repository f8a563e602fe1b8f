import type { LogEntry } from '../log.ts';

/** One line an entry, as journald and syslog take it from standard error: "2026-11-23T20:00:00Z certificate,info signed ca". */
export function logLine({ time, severity, topics, message }: LogEntry): string {
  const date = new Date(time * 1000).toISOString().replace('.000Z', 'Z');
  return `${date} ${[...topics, severity].join(',')} ${oneLine(message)}\n`;
}

/** Control and format characters and line ends made visible, so that a message can neither move a cursor nor pretend to be two. */
function oneLine(message: string): string {
  return message.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
