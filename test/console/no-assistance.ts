import type { Assistance } from '../../src/console/assistance.ts';
import { plain } from '../../src/console/style.ts';

/** For consoles whose lines nobody completes or explains. */
export const noAssistance: Assistance = {
  highlight: (text) => [plain(text)],
  complete: () => Promise.resolve({ word: '', candidates: [] }),
  help: () => Promise.resolve([]),
  insideString: () => false,
};
