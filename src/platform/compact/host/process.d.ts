export function commandLine(): string[];
export function environment(name: string): string | undefined;
export function currentFolder(): string | undefined;
export function print(text: string): void;
export function complain(text: string): void;
/** The number of the next signal that asks the program to end. */
export function nextSignal(): Promise<number>;
export function exit(status: number): never;
