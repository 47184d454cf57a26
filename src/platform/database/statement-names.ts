// Which statements the database keeps parsed and planned, under which name. On the busy paths parsing and planning were
// a third of the database's time. Each connection keeps its own, some ten kilobytes each, so only frequent ones get a name.

/** `begin`, `commit` and their like: nothing to save. */
const SHORTEST_TEXT = 30;
const USES_BEFORE_NAME = 20;
const MOST_NAMES = 200;
/** Texts that are built for each call must not fill the memory of the hub with counts. */
const MOST_COUNTED = 2_000;

/** One for a process: the names are the same on all of its connections. */
export class StatementNames {
  readonly #names = new Map<string, string>();
  readonly #uses = new Map<string, number>();

  /** Empty, which is Postgres' own word for no name, while the text is rare or where enough others have one. */
  nameOf(text: string): string {
    if (text.length < SHORTEST_TEXT) return '';
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    if (this.#names.size >= MOST_NAMES) return '';
    const uses = (this.#uses.get(text) ?? 0) + 1;
    if (uses <= USES_BEFORE_NAME) return this.#count(text, uses);
    const name = `fairlead_${this.#names.size}`;
    this.#uses.delete(text);
    this.#names.set(text, name);
    return name;
  }

  #count(text: string, uses: number): '' {
    if (this.#uses.size >= MOST_COUNTED) this.#uses.clear();
    this.#uses.set(text, uses);
    return '';
  }
}
