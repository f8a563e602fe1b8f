/** What the guest is told. Members and objects are those of `ports.ts`; object 0 is `GuestPorts` itself. */
export type Request =
  | {
      readonly type: 'call';
      readonly call: number;
      readonly object: number;
      readonly member: string;
      readonly given: readonly unknown[];
    }
  | { readonly type: 'cancel'; readonly cancel: number };

/** How a function ended that the guest has called. */
export type Return = { readonly type: 'returned'; readonly value: unknown } | { readonly type: 'threw'; readonly error: Error };

/** What the guest tells. While it waits for the `Return` of a function, it takes requests of synchronous members by its other input. */
export type Report =
  | { readonly type: 'answer'; readonly call: number; readonly value: unknown }
  | { readonly type: 'failure'; readonly call: number; readonly error: Error }
  | { readonly type: 'function'; readonly function: number; readonly value: unknown };
