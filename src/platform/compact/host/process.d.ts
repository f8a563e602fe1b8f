export function commandLine(): string[];
export function environment(name: string): string | undefined;
export function currentFolder(): string | undefined;
export function print(text: string): void;
export function complain(text: string): void;
/** The number of the next signal that asks the program to end. */
export function nextSignal(): Promise<number>;
/** Uid of this process. */
export function user(): number;
/** Sends a message to the socket of a supervisor, a path or `@` and an abstract name; false if it could not be sent. */
export function notify(socket: string, message: string): boolean;
export function exit(status: number): never;
