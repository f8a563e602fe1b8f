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

  /** One of them may stand here. They are listed only for the one who asks: a script has many variables in many places. */
  expectation(): { readonly kind: 'variable'; readonly names: readonly string[] } {
    const all = () => this.#all();
    return {
      kind: 'variable',
      get names() {
        return all();
      },
    };
  }

  #all(): readonly string[] {
    return this.#outer === undefined ? [...this.#declared] : [...this.#declared, ...this.#outer.#all()];
  }
}
