// The server says what changed; the page fetches it anew. Bursts become one fetch, and a fetch that is
// still under way when more changes come is followed by exactly one more.

const SETTLE_MS = 40;
const RETRY_MS = 1500;

/** Run `work` soon after `ask()`, never twice at a time, and once more if asked meanwhile. */
export class Refresher {
  #work;
  #timer = null;
  #running = false;
  #again = false;

  constructor(work) {
    this.#work = work;
  }

  ask() {
    if (this.#running) this.#again = true;
    else this.#timer ??= setTimeout(() => this.#run(), SETTLE_MS);
  }

  async #run() {
    this.#timer = null;
    this.#running = true;
    try {
      await this.#work();
    } finally {
      this.#running = false;
      if (this.#again) {
        this.#again = false;
        this.ask();
      }
    }
  }
}

/**
 * Listen to what changes for one person. `onChange({what, channel})` for each change, `onState("live" |
 * "lost")` when the connection comes and goes; after it comes back everything may have changed.
 * Returns how to stop.
 */
export function listen(open, { onChange, onState }) {
  let source = null;
  let timer = null;
  let stopped = false;
  const connect = () => {
    source = open();
    source.onopen = () => onState("live");
    source.onmessage = ({ data }) => onChange(JSON.parse(data));
    source.onerror = () => {
      source.close();
      onState("lost");
      if (!stopped) timer = setTimeout(connect, RETRY_MS);
    };
  };
  connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    source.close();
  };
}
