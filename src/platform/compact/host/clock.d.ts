import type { Work } from '../work.ts';

/** Seconds since 1970. */
export function now(): number;
/** Milliseconds. */
export function monotonic(): number;
export function offsetAt(instant: number): number;
export function zone(): string;
export function set(instant: number): void;
export function sleep(milliseconds: number): Work<void>;
