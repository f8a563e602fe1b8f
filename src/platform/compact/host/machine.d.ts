export const architecture: string;
export const cpu: string;
export const cpuCount: number;
export const board: string;
/** "quickjs 0.16.0" */
export const engine: string;
/** Bytes in all, and free. */
export function memory(): [number, number];
/** Is half of what the engine may use in use? */
export function isCrowded(): boolean;
export function space(folder: string): [number, number];
/** Seconds. */
export function uptime(): number;
