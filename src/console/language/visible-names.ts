/** The variables that are declared where the parser is. */
export class VisibleNames {
  readonly #declared: Set<string>;
  readonly #outer: VisibleNames | undefined;
  /** In a function an undeclared name is a parameter. */
  readonly #open: boolean;

  constructor(declared: Iterable<string> = [], outer?: VisibleNames, open = false) {
    this.#declared = new Set(declared);
    this.#outer = outer;
    this.#open = open;
  }

  declare(name: string): void {
    this.#declared.add(name);
  }

  has(name: string): boolean {
    return this.#open || this.#declared.has(name) || (this.#outer?.has(name) ?? false);
  }

  /** The names of a block inside. */
  block(): VisibleNames {
    return new VisibleNames([], this);
  }

  all(): readonly string[] {
    return [...this.#declared, ...(this.#outer?.all() ?? [])];
  }
}
