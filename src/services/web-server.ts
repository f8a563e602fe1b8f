import type { Store } from '../store/store.ts';

/** The switches of /ip/service/webserver: what is answered over HTTP (`-plain`) and over HTTPS (`-secure`). */
export interface WebSwitches {
  readonly 'crl-plain': boolean;
  readonly 'rest-plain': boolean;
  readonly 'rest-secure': boolean;
}

export type WebSwitch = keyof WebSwitches;

/** REST over HTTP sends passwords in clear: RouterOS has it on, we have it off. */
const usual: WebSwitches = { 'crl-plain': true, 'rest-plain': false, 'rest-secure': true };

export const webSwitches: readonly WebSwitch[] = ['crl-plain', 'rest-plain', 'rest-secure'];

/** The domain of /ip/service/webserver. */
export class WebServer {
  readonly #store: Store;
  /** As the store has them, until it changes: each request asks. */
  #known: WebSwitches | undefined;

  constructor(store: Store) {
    this.#store = store;
    store.onChange(() => {
      this.#known = undefined;
    });
  }

  switches(): WebSwitches {
    this.#known ??= {
      'crl-plain': this.#isOn('crl-plain'),
      'rest-plain': this.#isOn('rest-plain'),
      'rest-secure': this.#isOn('rest-secure'),
    };
    return this.#known;
  }

  set(change: Readonly<Partial<Record<WebSwitch, boolean | undefined>>>): void {
    this.#store.transact(() => {
      for (const name of webSwitches) {
        const value = change[name];
        if (value !== undefined) this.#store.settings.set(settingOf(name), value ? 'yes' : 'no');
      }
    });
  }

  reset(names: readonly WebSwitch[]): void {
    this.#store.transact(() => {
      for (const name of names) this.#store.settings.remove(settingOf(name));
    });
  }

  #isOn(name: WebSwitch): boolean {
    const value = this.#store.settings.get(settingOf(name));
    return value === undefined ? usual[name] : value === 'yes';
  }
}

function settingOf(name: WebSwitch): string {
  return `webserver-${name}`;
}
