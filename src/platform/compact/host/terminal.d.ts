/** Are standard input and output a terminal? */
export function isTerminal(): boolean;
export function windowSize(): [columns: number, rows: number];
export function setRawMode(raw: boolean): void;
export function readInput(): Promise<Uint8Array | undefined>;
export function writeOutput(bytes: Uint8Array): Promise<void>;
export function writeError(bytes: Uint8Array): Promise<void>;
export function nextResize(): Promise<void>;
