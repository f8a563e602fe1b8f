/** Milliseconds that a test waits for what must happen: as long as a slow machine may need. An emulated CPU is given more by its configuration. */
export const patience = Number(process.env['TEST_PATIENCE'] ?? 30_000);
