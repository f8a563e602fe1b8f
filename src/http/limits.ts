/** How much of a message is taken, in bytes. What is longer is refused, and nothing of it kept. */
export interface MessageLimits {
  /** The first line. */
  readonly line: number;
  /** All fields of a header, and all trailers of a chunked body. */
  readonly header: number;
  /** Of a header. */
  readonly fields: number;
  readonly body: number;
}

/** Enough for what routers are asked and answer; bodies have limits of their own. */
export const usualLimits: MessageLimits = { line: 8192, header: 16_384, fields: 100, body: 1_048_576 };
