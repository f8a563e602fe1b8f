import type { ListedItem } from '../../menu/listing.ts';
import type { Value } from '../../menu/value.ts';

/** The variables of a block while it runs. */
export class Scope {
  readonly #globals: Map<string, Value>;
  readonly #outer: Scope | undefined;
  readonly #item: ListedItem | undefined;
  readonly #locals = new Map<string, Value>();
  /** Globals that this block has declared: its outer blocks may have locals of the same names. */
  readonly #declared = new Set<string>();

  constructor(globals: Map<string, Value>, outer?: Scope, item?: ListedItem) {
    this.#globals = globals;
    this.#outer = outer;
    this.#item = item;
  }

  block(): Scope {
    return new Scope(this.#globals, this);
  }

  /** A where-expression's scope for one item. */
  about(item: ListedItem): Scope {
    return new Scope(this.#globals, this, item);
  }

  get(name: string): Value {
    const own = this.#own(name);
    if (own !== undefined) return own.value;
    const property = this.#item?.get(name);
    // A variable that a script has declared is meant by its name, even where items have a property of that name.
    if (property !== undefined && this.#outer?.declares(name) !== true) return property;
    return this.#outer === undefined ? (this.#globals.get(name) ?? null) : this.#outer.get(name);
  }

  declares(name: string): boolean {
    return this.#own(name) !== undefined || (this.#outer?.declares(name) ?? false);
  }

  #own(name: string): { readonly value: Value } | undefined {
    if (this.#locals.has(name)) return { value: this.#locals.get(name) ?? null };
    return this.#declared.has(name) ? { value: this.#globals.get(name) ?? null } : undefined;
  }

  /** Of the item of the innermost where-expression. */
  property(name: string): Value {
    return this.#item === undefined ? (this.#outer?.property(name) ?? null) : (this.#item.get(name) ?? null);
  }

  /** Of the item of the innermost where-expression. */
  flag(name: string): boolean | undefined {
    return this.#item === undefined ? this.#outer?.flag(name) : this.#item.flag(name);
  }

  set(name: string, value: Value): void {
    if (this.#locals.has(name)) this.#locals.set(name, value);
    else if (this.#declared.has(name) || this.#outer === undefined) this.#globals.set(name, value);
    else this.#outer.set(name, value);
  }

  declareLocal(name: string, value: Value): void {
    this.#locals.set(name, value);
  }

  /** Without a value, a global keeps the one it has. */
  declareGlobal(name: string, value: Value | undefined): void {
    this.#declared.add(name);
    this.#locals.delete(name);
    if (value !== undefined || !this.#globals.has(name)) this.#globals.set(name, value ?? null);
  }
}
