import type { Instant } from './platform/clock.ts';

/** As in package.json. */
export const version = '0.1.0';

/** 2026-11-01T00:00:00Z, when this version was made: a clock that says less is wrong. */
export const builtAt: Instant = 1_793_491_200;
